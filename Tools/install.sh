#!/bin/sh
# Installs fault-diag, or takes away what was installed: `make install` and `make uninstall` run this.
#
#   [DESTDIR=folder] [PREFIX=/usr/local] Tools/install.sh [--uninstall]
#
# The binary is the release build, which needs no Swift libraries, built where none newer than the sources is there: so
# `make build` as yourself and then `sudo make install` build nothing as root. Pages of the manual and
# completions are made by the program itself.
set -eu
cd "$(dirname "$0")/.."
prefix=${PREFIX:-/usr/local}
root=${DESTDIR:-}$prefix
program=.build/release/fault-diag

fail() { echo "install: $*" >&2; exit 1; }
case $prefix in /*) ;; *) fail "PREFIX=$prefix: expected a path from the root, such as /usr/local" ;; esac

# Below $root; the pages of the manual are beside them.
files="bin/fault-diag
share/bash-completion/completions/fault-diag
share/zsh/site-functions/_fault-diag
share/fish/vendor_completions.d/fault-diag.fish
share/fault-diag/report.schema.json
lib/systemd/system/fault-diag-report.service
lib/systemd/system/fault-diag-report.timer"
manual=share/man/man1

if [ "${1:-}" = --uninstall ]; then
  for file in $files; do rm -f "$root/$file"; done
  rm -f "$root/$manual/fault-diag.1" "$root/$manual"/fault-diag-*.1
  rmdir "$root/share/fault-diag" 2>/dev/null || true
  echo "install: took fault-diag away from $root"
  exit 0
fi

if [ ! -x "$program" ] || [ -n "$(find Sources Package.swift -newer "$program" -print -quit)" ]; then
  make build
fi
! ldd "$program" | grep -q libswift || fail "$program needs Swift libraries, as make build does not link it: run make build"

for file in $files; do mkdir -p "$root/$(dirname "$file")"; done
install -s -m 755 "$program" "$root/bin/fault-diag"
"$program" completions bash > "$root/share/bash-completion/completions/fault-diag"
"$program" completions zsh > "$root/share/zsh/site-functions/_fault-diag"
"$program" completions fish > "$root/share/fish/vendor_completions.d/fault-diag.fish"
"$program" manual --quiet --out "$root/$manual"
install -m 644 Documentation/report.schema.json "$root/share/fault-diag/report.schema.json"
sed "s|/usr/bin/fault-diag|$prefix/bin/fault-diag|" packaging/fault-diag-report.service \
  > "$root/lib/systemd/system/fault-diag-report.service"
install -m 644 packaging/fault-diag-report.timer "$root/lib/systemd/system/fault-diag-report.timer"
# Whatever the umask: others run and read it.
for file in $files; do chmod u=rwX,go=rX "$root/$file"; done
chmod 644 "$root/$manual/fault-diag.1" "$root/$manual"/fault-diag-*.1
echo "install: fault-diag $("$root/bin/fault-diag" --version) is in $root/bin"
