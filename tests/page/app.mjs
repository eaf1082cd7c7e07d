// The page inside an MCP Apps host: the host page stands beside a proxy of the server, so that it is of the server's own origin.
import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import { accessible, check, end, file, fits, open, owned, picture, url } from './eyes.mjs';

function beside(target) {
  const to = new URL(target);
  const server = createServer((asked, answer) => {
    if (asked.url.startsWith('/host.js')) return answer.writeHead(200, { 'Content-Type': 'text/javascript' }).end(file('npm/host.bundle.js'));
    if (!asked.url.startsWith('/mcp')) return answer.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><html lang="en"><title>Host</title><link rel="icon" href="data:,"><body><script type="module" src="/host.js"></script>');
    const { origin, host, ...headers } = asked.headers;
    asked.pipe(request({ host: to.hostname, port: to.port, path: asked.url, method: asked.method, headers: { ...headers, host: to.host } }, got => { answer.writeHead(got.statusCode, got.headers); got.pipe(answer); }));
  });
  return new Promise(done => server.listen(0, '127.0.0.1', () => done({ address: `http://127.0.0.1:${server.address().port}/`, close: () => { server.closeAllConnections(); server.close(); } })));
}

const inHost = (name, tool, args, options, work) => check(name, async () => {
  const place = await beside(url(options.jobs ?? 'some'));
  try {
    const eyes = await open(`${place.address}?${new URLSearchParams({ tool, args: JSON.stringify(args), theme: options.scheme ?? 'light' })}`, options);
    const frame = await (await eyes.page.waitForSelector('iframe')).contentFrame();
    await work(eyes, frame);
    assert.equal(await owned(frame), null);
    assert.equal(await owned(eyes.page), null);
    eyes.stayed();
    await eyes.close();
  } finally { place.close(); }
});

for (const [width, scheme] of [[1280, 'light'], [390, 'dark']]) {
  await inHost(`get_overview in a host, ${width} wide, ${scheme}: found by the tool, shows the answer, asks on through the host`, 'get_overview', {}, { width, scheme }, async (eyes, frame) => {
    await eyes.settled(frame);
    const told = await eyes.page.evaluate(() => window.told);
    assert.deepEqual([told.uri, told.mimeType, told.csp], ['ui://syncmcp/runs', 'text/html;profile=mcp-app', {}]);
    assert.ok(told.calls.includes('find_runs') && told.sizes.at(-1) > 500, JSON.stringify(told));
    assert.equal(await frame.evaluate(() => document.documentElement.dataset.theme), scheme);
    assert.ok(await frame.locator('.cause').count() >= 3);
    await picture(eyes.page, `app-${width}-${scheme}`);
    await fits(frame, 'app');
    await accessible(frame, 'app');
    await eyes.page.evaluate(to => window.switchTheme(to), scheme === 'light' ? 'dark' : 'light');
    await frame.waitForFunction(was => document.documentElement.dataset.theme !== was, scheme);
    await accessible(frame, 'other theme');
    await frame.locator('#wide').click();
    await eyes.page.waitForFunction(() => window.told.mode === 'fullscreen');
  });
}

await inHost('diagnose_run in a host: why, in the words that the server said, as text', 'diagnose_run', { job_id: 'a0000000-0000-0000-0000-000000000004' }, {}, async (eyes, frame) => {
  await frame.locator('#first .diagnosis').waitFor();
  assert.match(await frame.locator('#first').innerText(), /Why .* failed[\s\S]*What to do/);
  await eyes.settled(frame);
  await picture(eyes.page, 'app-diagnosis');
  await accessible(frame, 'diagnosis');
});

await inHost('list_job_history in a host: the runs that were asked for', 'list_job_history', { job_id: 'a0000000-0000-0000-0000-000000000000' }, {}, async (eyes, frame) => {
  await frame.locator('#first table').waitFor();
  assert.ok(await frame.locator('#first tbody tr').count() >= 10);
  await eyes.settled(frame);
  await accessible(frame, 'history');
});

await inHost('get_dependents of a workspace in a host: what flows where', 'get_dependents', { workspace_id: 'sales' }, { jobs: 'many' }, async (eyes, frame) => {
  await frame.locator('#flow .graph').waitFor();
  await frame.locator('button.node').first().click();
  assert.ok(await frame.locator('.node').count() > 10);
  await picture(eyes.page, 'app-flow');
  await accessible(frame, 'flow');
  await eyes.settled(frame).catch(() => {});
});

await end();
