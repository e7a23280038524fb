#!/bin/sh
# The main job on the recordings in data/, in four commands: `make demo` builds and runs this.
#
#   Tools/demo.sh [fault-diag]
#
# Shows each command before it runs; what is written goes to a temporary folder. Fails when a command fails.
set -eu
cd "$(dirname "$0")/.."
program=${1:-.build/release/fault-diag}
[ -x "$program" ] || { echo "demo: no program at $program; run make build first" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

bold="" dim="" plain=""
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
  bold=$(printf '\033[1m') dim=$(printf '\033[2m') plain=$(printf '\033[0m')
fi

heading() { printf '\n%s== %s%s\n' "$bold" "$1" "$plain"; }

# run ARGUMENTS: shows the command, runs it. Messages join the results, so that a log keeps their order.
run() {
  printf '%s$ fault-diag %s%s\n\n' "$dim" "$*" "$plain"
  status=0
  "$program" "$@" 2>&1 || status=$?
  [ "$status" -eq 0 ] || { echo "demo: fault-diag $1 ended with exit code $status" >&2; exit "$status"; }
}

heading "1. What is wrong here? A machine the program never heard, its own model, no training"
run diagnose data/new/compressor.wav

heading "2. Learn from recordings of three fans, without labels (a short training)"
run pretrain data/learn --out "$work/model.safetensors" --steps 300

heading "3. Teach it four states by their labels; whole bearings are held out for the estimate"
run fit data/learn --model "$work/model.safetensors" --out "$work/fans.safetensors"

heading "4. Ask the model that was just made about a fourth fan"
run diagnose data/new/fan-4.wav --model "$work/fans.safetensors"

heading "Done"
echo "The recordings in data/ are simulated (data/README.md). With your own: README.md, \"Your own recordings\"."
