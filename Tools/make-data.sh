#!/bin/bash
# Makes the simulated recordings in data/ anew, or checks that they are what this program makes.
#
#   Tools/make-data.sh [--check] [fault-diag]
#
# Everything is decided by the numbers below: the same program gives the same bytes. data/README.md says
# what the recordings are; change both together.
set -euo pipefail
cd "$(dirname "$0")/.."

check=no
if [ "${1:-}" = --check ]; then check=yes; shift; fi
program=${1:-.build/release/fault-diag}
[ -x "$program" ] || { echo "make-data: no program at $program; run make build first" >&2; exit 1; }

made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT

# record FILE STATE MACHINE BEARING_ID LOAD BEARING RPM SNR STRUCTURE SEED
record() {
  mkdir -p "$made/$(dirname "$1")"
  "$program" simulate --quiet --fault "$2" --machine "$3" --bearing-id "$4" --load "$5" --bearing "$6" --rpm "$7" \
    --snr "$8" --structure "$9" --seed "${10}" --seconds 4 --sample-rate 12000 --out "$made/$1"
}

# Three fans of one series, four states each, at two loads. Every state of a fan is another bearing of the same make.
# Columns: machine, rpm at full and at half load, fault over noise in dB.
seed=100
while read -r machine full half snr; do
  for state in normal outer inner ball; do
    fault=${state/normal/none}
    for load in full half; do
      seed=$((seed + 1))
      record "learn/$state/$machine-$load.wav" "$fault" "$machine" "$machine-$state" "$load" 6205 "${!load}" "$snr" 11 "$seed"
    done
  done
done <<'FANS'
fan-1 1772 1797 6
fan-2 1765 1790 4
fan-3 1778 1801 2
FANS

# What the program is asked about: a fourth fan, and a machine of another kind with another bearing.
# Their side-cars do not say what is wrong with them.
record new/fan-4.wav inner fan-4 fan-4-a full 6205 1784 3 11 201
record new/compressor.wav inner compressor compressor-a full UER204 2100 3 44 200
sed -i '/^  "label":/d' "$made"/new/*.json

if [ "$check" = yes ]; then
  differing=$(for part in learn new; do diff -rq "data/$part" "$made/$part" || true; done)
  if [ -n "$differing" ]; then
    echo "make-data: data/ is not what $program makes; $(wc -l <<<"$differing") differences, the first:" >&2
    head -n 1 <<<"$differing" >&2
    exit 1
  fi
  echo "make-data: data/ is byte for byte what $program makes"
else
  for part in learn new; do
    rm -rf "data/$part"
    mkdir -p data
    cp -r "$made/$part" "data/$part"
  done
  echo "make-data: wrote $(find data -name '*.wav' | wc -l) recordings to data/"
fi
