#!/usr/bin/env bash
# The page in a real Chromium: at / of the HTTP server, and inside an MCP Apps host made of the extension's own AppBridge. Looks at what it shows and does, at names and
# errors that try to be more than text, at every request that it sends, and at accessibility (axe-core) in light and dark.
# page.sh [FOLDER]: with a folder, pictures of it are put there. Needs node, the npm registry and Chromium; where there is no node it says so and ends with 0.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
command -v node >/dev/null && command -v npm >/dev/null || { echo 'skipped: no node here'; exit 0; }
browser=$(bash tests/chromium.sh find) || exit 1
host=$PWD/tests/SyncMcp.Tests/bin/Debug/net10.0/SyncMcp.Tests.dll
[ -f "$host" ] || dotnet build tests/SyncMcp.Tests -v q -nologo >&2 || exit 1
pictures=${1:+$(realpath -m "$1")}
work=$(mktemp -d)
servers=()
finish() { for pid in "${servers[@]}"; do kill -KILL "$pid" 2>/dev/null; done; rm -rf "$work"; } # they hold nothing, and wait for the end of their input at anything less
trap finish EXIT
mkdir "$work/npm"
mkfifo "$work/hold"
exec {hold}<>"$work/hold" # the servers end with this input
(cd "$work/npm" && timeout 240 npm install --no-audit --no-fund --silent playwright-core@1.65.1 axe-core@4.14.1 esbuild@0.25.10 @modelcontextprotocol/ext-apps@2.0.4 @modelcontextprotocol/client@2.3.1) || { echo 'npm cannot install what drives the browser'; exit 1; }
cp tests/page/* "$work/npm/"
# The host's own script is built from the published package; only it is bundled, the page under test is what the server gives.
(cd "$work/npm" && timeout 60 npx --no-install esbuild host.mjs --bundle --format=esm --outfile=host.bundle.js --log-level=error) || exit 1
unset SYNCMCP_URL SYNCMCP_TOKEN SYNCMCP_WORKSPACE SYNCMCP_MODE SYNCMCP_DATA

# serve NAME JOBS [--key]: a server over a Sync server with so many jobs; its address is left in the file NAME.
serve() {
  mkdir -m 700 -p "$work/$1/data/files" "$work/$1/operator"
  dotnet "$host" page "$work/$1" "${@:2}" <"$work/hold" >/dev/null 2>"$work/$1.log" &
  servers+=($!)
  local waited=0
  until grep -qs '^ready ' "$work/$1.log" || [ $((waited += 1)) -gt 300 ]; do sleep 0.1; done
  sed -n 's/^ready //p' "$work/$1.log" >"$work/$1.url"
}
serve none 0
serve one 1
serve some 40
serve many 300
serve locked 6 --key
status=0
for look in http app; do
  timeout -k 5 300 node "$work/npm/$look.mjs" "$browser" "$work" "$pictures" || status=1
done
exit $status
