#!/usr/bin/env bash
# PostgreSQL for the tests, which start a server of their own.
#   find                  prints the folder of the server programs; fails where there is none
#   install               the same, installing them first where they are absent (apt; needs root or sudo)
#   serve PORT PASSWORD   runs a server in a new temporary folder until standard input ends, also when whoever holds it was killed.
#                         Says "ready FOLDER", takes the lines "stop" (at once, as a crash does) and "start", and says "done" after each.
set -euo pipefail
self=$(readlink -f "${BASH_SOURCE[0]:-/dev/null}")

find_programs() {
  local folder
  while IFS= read -r folder; do
    [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ] && { echo "$folder"; return 0; }
  done < <(exec 2>/dev/null # whoever reads stops at the first that fits
    { command -v initdb postgres || true; } | while IFS= read -r program; do dirname "$(readlink -f "$program")"; done
    pg_config --bindir 2>/dev/null || true
    ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin 2>/dev/null | sort -Vr
  )
  echo "PostgreSQL's server programs (initdb, postgres) are not here; bash tests/postgres.sh install brings them on Debian and Ubuntu" >&2
  return 1
}

install_programs() {
  find_programs 2>/dev/null && return 0
  command -v apt-get >/dev/null || { echo "no apt here: install the PostgreSQL server (13 or later) by hand" >&2; return 1; }
  local root=()
  [ "$(id -u)" -eq 0 ] || root=(sudo -n)
  "${root[@]}" apt-get update -q >&2
  # Without the cluster that Debian would start on port 5432.
  "${root[@]}" mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] || echo 'create_main_cluster = false' | "${root[@]}" tee /etc/postgresql-common/createcluster.conf >/dev/null
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends postgresql >&2
  find_programs
}

serve() {
  local port=$1 password=$2 programs
  folder="" server="" # seen by the trap, which runs after this function
  programs=$(find_programs)
  folder=$(mktemp -d)
  trap '' TERM INT HUP # the end of standard input is the only end
  trap 'kill -QUIT "${server:-}" 2>/dev/null; wait 2>/dev/null; rm -rf "$folder"' EXIT

  "$programs/initdb" -D "$folder/data" --no-sync --username=postgres --pwfile=<(echo "$password") \
    --auth-local=trust --auth-host=scram-sha-256 --no-locale --encoding=UTF8 >"$folder/log" 2>&1 || { cat "$folder/log" >&2; return 1; }
  # No test looks at what a power cut leaves.
  cat >>"$folder/data/postgresql.conf" <<SETTINGS
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$folder'
fsync = off
full_page_writes = off
shared_buffers = 64MB
max_connections = 120
max_prepared_transactions = 5
SETTINGS

  start() {
    "$programs/postgres" -D "$folder/data" >>"$folder/log" 2>&1 </dev/null &
    server=$!
    until sed -n 8p "$folder/data/postmaster.pid" 2>/dev/null | grep -q '^ready'; do
      kill -0 $server 2>/dev/null || { tail -n 20 "$folder/log" >&2; return 1; }
      sleep 0.02
    done
  }

  start
  echo "ready $folder"
  local command
  while IFS= read -r command; do
    case $command in
      stop) kill -QUIT "$server"; wait "$server" || true ;;
      start) start ;;
    esac
    echo "done"
  done
}

case ${1:-} in
  find) find_programs ;;
  install) install_programs ;;
  serve)
    cd /
    if [ "$(id -u)" -eq 0 ]; then # the server refuses root; another account may not be able to read this file
      account=$(id -u postgres >/dev/null 2>&1 && echo postgres || echo nobody)
      script=$(cat "$self")
      unset TMPDIR
      if command -v setpriv >/dev/null; then
        exec setpriv --reuid="$account" --regid="$(id -g "$account")" --clear-groups bash -c "$script" postgres.sh "$@"
      fi
      exec runuser -u "$account" -- bash -c "$script" postgres.sh "$@"
    fi
    serve "$2" "$3"
    ;;
  *) sed -n '2,6s/^# //p' "${BASH_SOURCE[0]}"; exit 2 ;;
esac
