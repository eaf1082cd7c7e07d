#!/usr/bin/env bash
# Clients that nobody here wrote, against the product over both transports: the TypeScript SDK in all five revisions (tests/clients/client.mjs), and the
# inspector's command line with --strict. The C# client has its tests in the test project (Scenarios/ForeignClientTests).
# Needs node and the npm registry; where there is none it says so and ends with 0.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
command -v node >/dev/null && command -v npm >/dev/null || { echo 'skipped: no node here'; exit 0; }
host=$PWD/tests/SyncMcp.Tests/bin/Debug/net10.0/SyncMcp.Tests.dll
[ -f "$host" ] || dotnet build tests/SyncMcp.Tests -v q -nologo >&2 || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -m 700 -p "$work/npm" "$work/stdio/data/files" "$work/stdio/operator" "$work/http/data/files" "$work/http/operator"
chmod -R go= "$work"
(cd "$work/npm" && timeout 240 npm install --no-audit --no-fund --silent @modelcontextprotocol/client@2.3.1 @modelcontextprotocol/inspector@2.12.0) || { echo 'npm cannot install the clients'; exit 1; }
cp tests/clients/client.mjs "$work/npm/"
unset SYNCMCP_URL SYNCMCP_TOKEN SYNCMCP_WORKSPACE SYNCMCP_MODE SYNCMCP_DATA
status=0

coproc server { exec dotnet "$host" http "$work/http" 2>"$work/http.log"; }
pid=$server_PID in=${server[1]} waited=0
until grep -q '^ready ' "$work/http.log" || [ $((waited += 1)) -gt 300 ]; do sleep 0.1; done
url=$(sed -n 's/^ready //p' "$work/http.log")

# check NAME COMMAND...: one line for each.
check() {
  local name=$1
  shift
  if timeout -k 5 90 "$@" >"$work/out.log" 2>&1 </dev/null; then echo "ok $name"; else
    echo "FAILED $name (exit $?)"
    tail -n 25 "$work/out.log" | cut -c1-400
    status=1
  fi
}

for revision in 2024-11-05 2025-03-26 2025-06-18 2025-11-25 2026-07-28; do
  check "TypeScript SDK 2.3.1, $revision, stdio" node "$work/npm/client.mjs" "$revision" stdio dotnet "$host" window "$work/stdio"
  check "TypeScript SDK 2.3.1, $revision, http" node "$work/npm/client.mjs" "$revision" http "$url"
done

inspector=$work/npm/node_modules/.bin/mcp-inspector
check 'inspector 2.12.0 --strict, tools/list, stdio' "$inspector" --cli dotnet "$host" window "$work/stdio" --method tools/list --strict
check 'inspector 2.12.0 --strict, tools/list, http' "$inspector" --cli "$url" --transport http --method tools/list --strict
for method in resources/list resources/templates/list; do
  check "inspector 2.12.0, $method, stdio" "$inspector" --cli dotnet "$host" window "$work/stdio" --method "$method"
  check "inspector 2.12.0, $method, http" "$inspector" --cli "$url" --transport http --method "$method"
done
check 'inspector 2.12.0, tools/call, stdio' "$inspector" --cli dotnet "$host" window "$work/stdio" --method tools/call --tool-name list_jobs --tool-arg limit=5
check 'inspector 2.12.0, tools/call, http' "$inspector" --cli "$url" --transport http --method tools/call --tool-name list_jobs --tool-arg limit=5

exec {in}>&- # the server ends with its input
wait "$pid" || { echo "FAILED the end of the HTTP server (exit $?)"; tail -n 25 "$work/http.log"; status=1; }
exit $status
