#!/bin/sh
# Builds the program for computers without Swift, in .build-release: `make release` runs this.
set -eu
cd "$(dirname "$0")/.."
Tools/setup.sh
echo "build: compiling fault-diag (release, Swift libraries inside)"
swift build -c release --product fault-diag --static-swift-stdlib --scratch-path .build-release
