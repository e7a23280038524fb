#!/bin/sh
# Checks the Swift toolchain and installs the Debian packages that building and drawing PNG need.
# Says what it does, asks for nothing, changes nothing when everything is there.
set -eu

packages="build-essential pkg-config libopenblas-dev libfftw3-dev libsndfile1-dev libmatio-dev libsoxr-dev zlib1g-dev librsvg2-bin"
libraries="openblas fftw3f sndfile matio soxr zlib"
where="https://www.swift.org/install/linux/"

fail() { printf 'setup: %s\n' "$@" >&2; exit 1; }

# The toolchain first: without it there is no use in installing anything.
command -v swift >/dev/null 2>&1 || fail "no Swift toolchain found. fault-diag needs Swift 6.2 or newer: $where"
version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
major=${version%%.*}
minor=${version#*.}
if [ -z "$version" ] || [ "$major" -lt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -lt 2 ]; }; then
  fail "found Swift ${version:-of unknown version}, expected 6.2 or newer: $where"
fi

if ! command -v dpkg-query >/dev/null 2>&1; then
  # Not Debian or a relative: its own package manager has to have brought the libraries.
  # shellcheck disable=SC2086
  pkg-config --exists $libraries 2>/dev/null \
    || fail "this is not Debian, so nothing was installed. Building needs these libraries with their headers: $libraries"
  command -v rsvg-convert >/dev/null || echo "setup: found no rsvg-convert (librsvg): \`plot\` cannot write PNG files, and its tests fail"
  exit 0
fi

missing=""
for package in $packages; do
  status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
  as_root=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
  as_root="sudo -n"
else
  fail "these Debian packages are missing, and only root can install them. Run:" "  sudo apt-get install$missing"
fi

echo "setup: installing Debian packages:$missing"
# Unquoted on purpose: words.
$as_root apt-get update -qq || fail "apt-get update failed; see above. Without a network: install$missing by hand."
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null \
  || fail "apt-get install failed; see above."
echo "setup: installed."
