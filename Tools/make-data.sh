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

# Three machines, four states each, at two loads. Every state of a machine is another bearing of the same make.
# Columns: machine, bearing, rpm at full and at half load, fault over noise in dB, structure.
seed=100
while read -r machine bearing full half snr structure; do
  for state in normal outer inner ball; do
    fault=${state/normal/none}
    for load in full half; do
      seed=$((seed + 1))
      record "learn/$state/$machine-$load.wav" "$fault" "$machine" "$machine-$state" "$load" "$bearing" "${!load}" \
        "$snr" "$structure" "$seed"
    done
  done
done <<'MACHINES'
fan    6205  1772 1797 6 11
pump   6203  1455 1478 3 22
blower ER16K 2360 2391 0 33
MACHINES

# A machine that is not in learn/, for a first diagnosis. Its side-car does not say what is wrong with it.
record new/compressor.wav inner compressor compressor-1 full UER204 2100 3 44 200
sed -i '/^  "label":/d' "$made/new/compressor.wav.json"

if [ "$check" = yes ]; then
  status=0
  for part in learn new; do diff -rq "data/$part" "$made/$part" || status=1; done
  [ "$status" = 0 ] || { echo "make-data: data/ is not what $program makes" >&2; exit 1; }
  echo "make-data: data/ is byte for byte what $program makes"
else
  for part in learn new; do
    rm -rf "data/$part"
    mkdir -p data
    cp -r "$made/$part" "data/$part"
  done
  echo "make-data: wrote $(find data -name '*.wav' | wc -l) recordings to data/"
fi
