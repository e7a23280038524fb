#!/bin/sh
# Builds the documentation of the modules from their catalogs and comments, and fails on any warning: `make docs` runs this.
#
#   Tools/docs.sh [MODULE ...]
#
# The archives are written to .build-docs/; a browser shows them with `swift package preview-documentation --target MODULE`.
set -eu
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- Support Plotting SignalIO NeuralNet CPC FaultDiag
mkdir -p .build-docs

# Between the modules `package` is what `public` is to others.
for module in "$@"; do
  echo "docs: $module"
  swift package --allow-writing-to-directory .build-docs generate-documentation --target "$module" \
    --symbol-graph-minimum-access-level package --warnings-as-errors --output-path ".build-docs/$module.doccarchive"
done
