#!/usr/bin/env bash
# Any HTTP client: the newest revision of the protocol needs no session, so one request is one call. Usage: SYNCMCP_HTTP_KEY=... bash http.sh [URL] [TOOL] [ARGUMENTS]
set -euo pipefail
url=${1:-http://127.0.0.1:7420/mcp} tool=${2:-list_workspaces} arguments=${3:-'{}'}
key=${SYNCMCP_HTTP_KEY:-$(cat ~/.config/syncmcp/http.key)}

# The key comes from a pipe: on the command line every program of the computer could read it.
curl --silent --show-error --fail-with-body "$url" \
  --header @<(printf 'Authorization: Bearer %s' "$key") \
  --header 'Content-Type: application/json' \
  --header 'Accept: application/json, text/event-stream' \
  --header 'MCP-Protocol-Version: 2026-07-28' --header 'Mcp-Method: tools/call' --header "Mcp-Name: $tool" \
  --data @- <<BODY | sed -n 's/^data: //p'
{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"$tool","arguments":$arguments,"_meta":{
  "io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"curl","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}}
BODY
