#!/bin/sh
# Puts docker-registry at DIR/usr/bin: a link to the installed one, or the program out of Debian's package.
set -eu
target=$1/usr/bin/docker-registry
mkdir -p "$1/usr/bin"
if installed=$(command -v docker-registry); then
  ln -sf "$installed" "$target"
  exit 0
fi
if command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null; then
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  chmod 755 "$scratch"
  (cd "$scratch" && { apt-get download -qq docker-registry || { apt-get update -qq && apt-get download -qq docker-registry; }; }) \
    >"$scratch/log" 2>&1 || true
  for package in "$scratch"/docker-registry_*.deb; do
    if [ -e "$package" ]; then
      dpkg-deb -x "$package" "$scratch/unpacked"
      mv "$scratch/unpacked/usr/bin/docker-registry" "$target"
      exit 0
    fi
  done
fi
echo 'the tests of OCI registries need a real one: install docker-registry (Debian, Ubuntu: apt install docker-registry;' >&2
echo 'elsewhere: github.com/distribution/distribution, its program `registry` under the name docker-registry), then make again' >&2
exit 1
