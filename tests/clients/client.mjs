// One client of the TypeScript SDK in one revision over one transport: lists, calls, is asked (yes and no), completes, subscribes, and cancels.
// node client.mjs REVISION stdio COMMAND ARGUMENTS... | node client.mjs REVISION http URL
import assert from 'node:assert/strict';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

const [revision, kind, target, ...rest] = process.argv.slice(2);
const modern = revision === '2026-07-28';
const within = (promise, what, ms = 20_000) => Promise.race([promise, new Promise((_, no) => setTimeout(() => no(new Error(`${what}: nothing within ${ms} ms`)), ms).unref())]);

const client = new Client({ name: 'foreign', version: '1' }, {
  capabilities: { elicitation: { form: {} } },
  ...(modern ? { versionNegotiation: { mode: { pin: revision } } } : { supportedProtocolVersions: [revision] }),
});
let yes = true;
const questions = [];
client.setRequestHandler('elicitation/create', request => {
  questions.push(request.params.message);
  if (!yes) return { action: 'decline' };
  const content = {};
  for (const [name, schema] of Object.entries(request.params.requestedSchema.properties))
    content[name] = schema.type === 'boolean' ? true : /"([^"]+)"/.exec(schema.description)[1];
  return { action: 'accept', content };
});
let told;
const news = new Promise(resolve => { told = resolve; });
client.setNotificationHandler('notifications/resources/updated', update => told(update.params.uri));

const transport = kind === 'stdio'
  ? new StdioClientTransport({ command: target, args: rest, stderr: 'ignore' })
  : new StreamableHTTPClientTransport(new URL(target));
await within(client.connect(transport), 'connecting');
const call = (name, args = {}, options) => within(client.callTool({ name, arguments: args }, options), name);
try {
  assert.equal(client.getNegotiatedProtocolVersion(), revision);
  const { tools } = await within(client.listTools(), 'tools/list');
  assert.ok(tools.length >= 80, `${tools.length} tools`);
  const { resources } = await within(client.listResources(), 'resources/list');
  assert.ok(resources.some(resource => resource.uri === 'sync://workspaces/default'));

  const name = `ts-${kind}-${revision}-${process.pid}`;
  const made = await call('create_workspace', { name });
  assert.equal(made.structuredContent.outcome, 'executed', made.content[0].text);
  const wrong = await call('create_workspace', { nmae: name });
  assert.equal(wrong.structuredContent.code, 'invalid_arguments');

  const { completion } = await within(client.complete({ ref: { type: 'ref/resource', uri: 'sync://workspaces/{workspace_id}' }, argument: { name: 'workspace_id', value: name.slice(0, -1) } }), 'completing');
  assert.deepEqual(completion.values, [name]);

  const uri = `sync://workspaces/${made.structuredContent.result.id}`;
  let listening;
  if (modern) listening = await within(client.listen({ resourceSubscriptions: [uri] }), 'listening');
  else await within(client.subscribeResource({ uri }), 'subscribing');
  await call('create_connection', { name: 'new', connector: 'SQLite', workspace_id: name, properties: { 'Data Source': 'new.db' } });
  assert.equal(await within(news, 'news'), uri);
  await listening?.close();

  yes = false;
  const declined = await call('delete_workspace', { workspace_id: name });
  assert.ok(['declined', 'not_shown'].includes(declined.structuredContent.code), declined.content[0].text);
  yes = true;
  const gone = await call('delete_workspace', { workspace_id: name });
  assert.equal(gone.structuredContent.outcome, 'executed', gone.content[0].text);
  assert.ok(questions.length >= 2 && questions.every(question => question.includes(name)));

  const giveUp = new AbortController();
  const given = client.callTool({ name: 'list_workspaces', arguments: {} }, { signal: giveUp.signal });
  giveUp.abort();
  await assert.rejects(given);
  assert.ok((await call('list_workspaces')).structuredContent.items.length > 0);
} finally {
  await client.close();
}
