// What both looks share: a browser that notes every request and every word of trouble, axe, and pictures.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const [program, work, pictures] = process.argv.slice(2);
export const url = name => readFileSync(`${work}/${name}.url`, 'utf8').trim();
export const file = path => readFileSync(`${work}/${path}`, 'utf8');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
export const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
let failed = 0;

export async function check(name, work) {
  try { await work(); console.log(`ok ${name}`); } catch (error) { failed++; console.log(`FAILED ${name}\n${String(error.stack ?? error).slice(0, 2500)}`); }
}
export async function end() {
  await browser.close();
  process.exit(failed ? 1 : 0);
}

// A page whose requests and troubles are kept. The policy of the page is not touched.
export async function open(address, { width = 1280, scheme = 'light', origins = [] } = {}) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme, reducedMotion: 'reduce' });
  const page = await context.newPage(), requests = [], troubles = [];
  page.setDefaultTimeout(12000);
  page.on('request', request => requests.push(request.url()));
  page.on('websocket', socket => requests.push(socket.url()));
  page.on('pageerror', error => troubles.push(error.message));
  page.on('console', message => { if (message.type() === 'error' && !/401 \(Unauthorized\)/.test(message.text())) troubles.push(message.text()); });
  page.on('dialog', dialog => { troubles.push(`dialog ${dialog.message()}`); dialog.dismiss(); });
  await page.goto(address);
  const own = [new URL(address).origin, ...origins];
  return {
    page, requests, troubles,
    settled: frame => (frame ?? page).waitForFunction(() => /^Updated/.test(document.getElementById('fresh')?.textContent ?? ''), null, { timeout: 40000 }),
    stayed: () => {
      assert.deepEqual(requests.filter(one => !own.some(origin => one.startsWith(`${origin}/`)) && !/^(data|about|blob):/.test(one)), [], 'requests left the origin');
      assert.deepEqual(troubles, []);
    },
    close: () => context.close(),
  };
}

export const owned = frame => frame.evaluate(() => window.owned ?? null);

export async function accessible(frame, what) {
  const found = await frame.evaluate(async source => {
    // Through the debugger: the page's own policy lets no script in.
    if (!window.axe) (0, eval)(source);
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
    return violations.map(one => `${one.id} (${one.impact}): ${one.help}: ${one.nodes.slice(0, 3).map(node => `${node.html.slice(0, 160)} | ${node.failureSummary.slice(0, 200)}`).join(' || ')}`);
  }, axe);
  assert.deepEqual(found, [], what);
}

export const fits = async (frame, what) => assert.ok(await frame.evaluate(() => document.documentElement.scrollWidth <= innerWidth + 1), `${what}: wider than the window`);
export const picture = async (page, name) => { if (pictures) await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true }); };
