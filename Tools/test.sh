#!/bin/bash
# Runs the tests, and says at the end again which failed and why: whoever sees only the end of a long log needs it there.
set -euo pipefail
cd "$(dirname "$0")/.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
swift test "$@" 2>&1 | tee "$log" || status=$?
if [ "$status" != 0 ]; then
  # An issue's line, and what was found where an expectation failed, in the lines behind it.
  failures=$(grep -E -A3 'recorded an issue|: error: |signal code' "$log" | grep -vE '^--$|[✔◇] ' || true)
  if [ -n "$failures" ]; then printf '\ntest: what failed\n%s\n' "$failures" | cut -c 1-500; fi
fi
exit "$status"
