// A host of MCP Apps in a web page, as the extension's own package makes it: reads the linked page, shows it in a sandbox, passes calls on and tells the first answer.
import { AppBridge, PostMessageTransport } from '@modelcontextprotocol/ext-apps/app-bridge';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

const wanted = new URLSearchParams(location.search), tool = wanted.get('tool'), args = JSON.parse(wanted.get('args') ?? '{}'), theme = wanted.get('theme') ?? 'light';
const client = new Client({ name: 'page-host', version: '1' }, { capabilities: { extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] } } } });
await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', location.href)));
const { tools } = await client.listTools();
const chosen = tools.find(one => one.name === tool), uri = chosen._meta.ui.resourceUri;
const { contents: [page] } = await client.readResource({ uri });
window.told = { uri, mimeType: page.mimeType, csp: page._meta?.ui?.csp, calls: [], sizes: [] };
document.documentElement.style.colorScheme = theme;
document.body.style.cssText = 'margin:0';

const frame = document.createElement('iframe');
frame.setAttribute('sandbox', 'allow-scripts');
frame.style.cssText = 'width:100%;border:0;height:600px;display:block';
document.body.append(frame);
const bridge = new AppBridge(null, { name: 'page-host', version: '1' }, { serverTools: {} }, { hostContext: { theme, displayMode: 'inline', availableDisplayModes: ['inline', 'fullscreen'], toolInfo: { tool: chosen }, styles: { variables: {} } } });
bridge.oncalltool = params => { window.told.calls.push(params.name); return client.callTool(params); };
bridge.onsizechange = ({ height }) => { window.told.sizes.push(height); if (height) frame.style.height = `${height}px`; };
bridge.onrequestdisplaymode = async ({ mode }) => { window.told.mode = mode; return { mode }; };
bridge.oninitialized = async () => {
  await bridge.sendToolInput({ arguments: args });
  await bridge.sendToolResult(await client.callTool({ name: tool, arguments: args }));
  window.told.initialized = true;
};
window.switchTheme = to => bridge.sendHostContextChange({ theme: to });
// The strictest policy that the extension has for a page that declares nothing.
const policy = "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; media-src 'self' data:; connect-src 'none'";
const loaded = bridge.connect(new PostMessageTransport(frame.contentWindow, frame.contentWindow));
frame.srcdoc = page.text.replace('<head>', `<head><meta http-equiv="Content-Security-Policy" content="${policy}">`);
await loaded;
