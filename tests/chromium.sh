#!/usr/bin/env bash
# A real browser for the tests about web pages.
#   find      prints the program; fails where there is none
#   install   the same, installing it first where it is absent (apt; needs root or sudo)
set -euo pipefail

find_program() {
  local name
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
    [ -n "$name" ] && command -v "$name" && return 0
  done
  echo "Chromium is not here; bash tests/chromium.sh install brings it on Debian" >&2
  return 1
}

install_program() {
  find_program 2>/dev/null && return 0
  command -v apt-get >/dev/null || { echo "no apt here: install Chromium by hand" >&2; return 1; }
  local root=()
  [ "$(id -u)" -eq 0 ] || root=(sudo -n)
  "${root[@]}" apt-get update -q >&2
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends chromium >&2
  find_program
}

case ${1:-} in
  find) find_program ;;
  install) install_program ;;
  *) sed -n '2,4s/^# //p' "${BASH_SOURCE[0]}"; exit 2 ;;
esac
