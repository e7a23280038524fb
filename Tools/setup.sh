#!/bin/sh
# Installs the Debian packages that building needs and checks the Swift toolchain.
# Says what it does; changes nothing when everything is there.
set -eu

packages="build-essential pkg-config libopenblas-dev libfftw3-dev libsndfile1-dev libmatio-dev libsoxr-dev zlib1g-dev"

missing=""
for package in $packages; do
  status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing="$missing $package"
done

if [ -n "$missing" ]; then
  echo "setup: installing Debian packages:$missing"
  if [ "$(id -u)" -eq 0 ]; then
    as_root=""
  elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
  else
    echo "setup: these packages are missing and only root can install them. Run:" >&2
    echo "  sudo apt-get install$missing" >&2
    exit 1
  fi
  $as_root apt-get update -qq
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
  echo "setup: installed."
fi

if ! command -v swift >/dev/null 2>&1; then
  echo "setup: no Swift toolchain found. fault-diag needs Swift 6.2 or newer: https://www.swift.org/install/linux/" >&2
  exit 1
fi
version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
major=${version%%.*}
minor=${version#*.}
if [ -z "$version" ] || [ "$major" -lt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -lt 2 ]; }; then
  echo "setup: found Swift ${version:-of unknown version}, expected 6.2 or newer: https://www.swift.org/install/linux/" >&2
  exit 1
fi
