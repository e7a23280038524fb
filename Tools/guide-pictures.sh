#!/bin/sh
# Draws the pictures of README.md and of the user guide anew, by the program itself: `make guide-pictures` runs this.
#
#   Tools/guide-pictures.sh [fault-diag]
set -eu
cd "$(dirname "$0")/.."
program=${1:-.build/release/fault-diag}
[ -x "$program" ] || { echo "guide-pictures: no program at $program; run make build first" >&2; exit 1; }

pictures=Documentation/UserGuide/pictures
mkdir -p "$pictures"
Tools/terminal-svg Documentation/diagnose.svg "$program" diagnose data/new/compressor.wav
"$program" plot --quiet data/new/compressor.wav --picture envelope --out "$pictures/envelope.svg"
"$program" plot --quiet data/learn/normal/fan-2-full.wav --picture envelope --out "$pictures/healthy.svg"
"$program" plot --quiet data/new/compressor.wav --unit g --out "$pictures/recording.svg"
