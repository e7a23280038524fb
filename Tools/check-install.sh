#!/bin/sh
# Installs into a temporary folder, looks at every part, and uninstalls: `make check-install` runs this.
set -eu
cd "$(dirname "$0")/.."
destination=$(mktemp -d)
trap 'rm -rf "$destination"' EXIT
root=$destination/usr/local
program=$root/bin/fault-diag

fail() { echo "check-install: $*" >&2; exit 1; }

DESTDIR=$destination PREFIX=/usr/local Tools/install.sh

# No Swift beside it: neither among its libraries nor where it would look for them.
! ldd "$program" | grep -i swift || fail "the program needs Swift libraries"
! readelf -d "$program" | grep -iE 'r(un)?path.*swift' || fail "the program looks for libraries of a toolchain"
env -i PATH=/usr/bin:/bin "$program" diagnose --quiet --json data/new/compressor.wav | grep -q '"state" : "inner"' \
  || fail "the installed program does not diagnose data/new/compressor.wav"

for shell in bash zsh fish; do
  command -v "$shell" >/dev/null || { echo "check-install: no $shell here, its completions were not parsed"; continue; }
  case $shell in
    bash) script=share/bash-completion/completions/fault-diag ;;
    zsh) script=share/zsh/site-functions/_fault-diag ;;
    fish) script=share/fish/vendor_completions.d/fault-diag.fish ;;
  esac
  "$shell" -n "$root/$script" || fail "$shell cannot read its completions"
done

pages=0
for page in "$root"/share/man/man1/*.1; do
  pages=$((pages + 1))
  command -v man >/dev/null || continue
  warnings=$(LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings=w -l "$page" 2>&1 >/dev/null)
  [ -z "$warnings" ] || fail "$(basename "$page"): $warnings"
done
commands=$("$program" manual | grep -c '^\\fB[^ ]*\\fR(1)$')
[ "$pages" -eq $((commands + 1)) ] || fail "found $pages pages of the manual, expected one and $commands of commands"

grep -q "^ExecStart=/usr/local/bin/fault-diag report " "$root/lib/systemd/system/fault-diag-report.service" \
  || fail "the service does not start the installed program"

size=$(du -k "$program" | cut -f 1)
DESTDIR=$destination PREFIX=/usr/local Tools/install.sh --uninstall
left=$(find "$destination" ! -type d)
[ -z "$left" ] || fail "uninstalling left $left"
echo "check-install: all there and all gone again; program of $((size / 1024)) MB, $pages pages of the manual"
