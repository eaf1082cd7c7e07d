// The page at / of the HTTP server.
import assert from 'node:assert/strict';
import { accessible, browser, check, end, file, fits, open, owned, picture, url } from './eyes.mjs';

const root = name => url(name).replace(/mcp$/, '');

const every = [['none', 390, 'dark'], ['one', 1280, 'dark'], ['some', 1280, 'light'], ['some', 390, 'dark'], ['many', 1280, 'dark']];
const more = [['none', 1280, 'light'], ['one', 390, 'light'], ['some', 1280, 'dark'], ['many', 390, 'light']];
for (const [jobs, width, scheme] of process.argv[4] ? [...every, ...more] : every) {
  await check(`${jobs} jobs, ${width} wide, ${scheme}: nothing runs, nothing leaves, nothing overflows, axe finds nothing`, async () => {
    const eyes = await open(root(jobs), { width, scheme }), { page } = eyes;
    await eyes.settled();
    await picture(page, `${jobs}-${width}-${scheme}`);
    await fits(page, jobs);
    await accessible(page, 'timeline');
    if (jobs === 'none') assert.match(await page.locator('main').innerText(), /No jobs yet[\s\S]*Ask your assistant/);
    else {
      await page.locator('.row:not(.heads)').first().click();
      await page.locator('.detail .columns-of, .detail .empty').first().waitFor();
      await page.waitForFunction(() => !/Reading…/.test(document.querySelector('.detail').innerText));
      await picture(page, `${jobs}-${width}-${scheme}-opened`);
      await fits(page, 'opened');
      await accessible(page, 'opened');
      await page.locator('button', { hasText: 'As a table' }).first().click();
      await page.locator('#time table').waitFor();
      await fits(page, 'table');
      if (jobs !== 'many') await accessible(page, 'table'); // of 300 rows axe finds no more than of 40
      if (jobs === 'some') {
        await page.locator('.cause').first().click();
        await page.locator('#cause-runs table').waitFor();
        await accessible(page, 'cause');
        await page.locator('.cause').first().click();
      }
    }
    await page.locator('#tab-flow').click();
    await page.locator('#flow .graph, #flow .empty').waitFor();
    await picture(page, `${jobs}-${width}-${scheme}-flow`);
    await fits(page, 'flow');
    await accessible(page, 'flow');
    assert.equal(await owned(page), null);
    eyes.stayed();
    await eyes.close();
  });
}

await check('300 jobs: all are read, found by name, and shown step by step', async () => {
  const eyes = await open(root('many')), { page } = eyes;
  await eyes.settled();
  assert.match(await page.locator('#time').innerText(), /40 of 34\d, those in trouble first/);
  await page.locator('.more button').click();
  assert.equal(await page.locator('.row:not(.heads)').count(), 200);
  await page.getByRole('searchbox').fill('netsuite-stock');
  assert.ok(await page.locator('.row:not(.heads)').count() < 12);
  await page.getByRole('searchbox').fill('');
  await page.getByRole('button', { name: 'Only trouble' }).click();
  assert.ok((await page.locator('.row:not(.heads)').evaluateAll(rows => rows.every(row => /failed|running/.test(row.textContent)))));
  eyes.stayed();
  await eyes.close();
});

await check('hostile names and errors are text wherever they stand', async () => {
  const eyes = await open(root('some')), { page } = eyes;
  await eyes.settled();
  await page.locator('.more button').click();
  for (const start of ['<script>window.owned=1</script>', '<img src=x', 'javascript:', '</script><script>', '{{constructor', '"><svg onload']) {
    const row = page.locator('.row:not(.heads)').filter({ hasText: start.slice(0, 12) }).first();
    assert.ok(await row.count(), start);
    await row.click();
    await page.waitForFunction(() => !/Reading…/.test(document.querySelector('.detail').innerText));
    assert.equal(await owned(page), null, start);
    await row.click();
  }
  assert.equal(await page.locator('main script, main img, main a, main iframe, main b > b, main svg[onload]').count(), 0);
  assert.ok(await page.evaluate(() => [...document.querySelectorAll('main *')].every(node => [...node.attributes].every(one => !/^on|^srcdoc$|^href$|^src$/.test(one.name)))));
  eyes.stayed();
  await eyes.close();
});

await check('everything is reached by the keyboard, and the runs of a row are told', async () => {
  const eyes = await open(root('some')), { page } = eyes;
  await eyes.settled();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
  const seen = [];
  for (let i = 0; i < 16; i++) { await page.keyboard.press('Tab'); seen.push(await page.evaluate(() => document.activeElement.className || document.activeElement.id || document.activeElement.tagName)); }
  assert.equal(seen.filter(one => one === 'row').length, 1, `one stop for the list: ${seen}`);
  const row = page.locator('.row:not(.heads)').first();
  await row.focus();
  assert.ok(await row.evaluate(node => getComputedStyle(node).outlineStyle !== 'none'), 'focus is seen');
  await page.keyboard.press('ArrowDown');
  const second = await page.evaluate(() => document.activeElement.textContent);
  assert.notEqual(second, await row.textContent());
  await page.keyboard.press('ArrowLeft');
  assert.match(await page.locator('#said').innerText(), /succeeded|failed|running|skipped|cancelled/);
  await page.keyboard.press('Enter');
  await page.locator('.detail').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-expanded')), 'true');
  await page.locator('[role=radio][aria-checked=true]').focus();
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => document.querySelector('[role=radio][aria-checked=true]').innerText.startsWith('3'));
  await eyes.settled();
  eyes.stayed();
  await eyes.close();
});

await check('without a key it asks for one; a wrong one is refused, the right one opens and stays with the tab alone', async () => {
  const key = file('locked/operator/http.key').trim();
  const eyes = await open(root('locked')), { page } = eyes;
  await page.locator('form.key').waitFor();
  await picture(page, 'key');
  await accessible(page, 'key');
  await page.locator('#key').fill('wrong');
  await page.keyboard.press('Enter');
  await page.locator('form.key [role=alert]').waitFor();
  await page.locator('#key').fill(key);
  await page.keyboard.press('Enter');
  await eyes.settled();
  await page.reload();
  await eyes.settled();
  assert.ok(!eyes.requests.some(one => one.includes(key)), 'the key stands in no address');
  assert.deepEqual(await page.evaluate(() => [document.cookie, localStorage.length, location.href.includes('#')]), ['', 0, false]);
  await page.locator('#out').click();
  await page.locator('form.key').waitFor();
  eyes.stayed();
  const other = await browser.newContext(), tab = await other.newPage();
  await tab.goto(root('locked'));
  await tab.locator('form.key').waitFor();
  await other.close();
  await eyes.close();
});

await check('its policy lets no script in and no request out', async () => {
  const eyes = await open(root('one')), { page } = eyes;
  await eyes.settled();
  assert.equal(await page.evaluate(() => { const script = document.createElement('script'); try { script.textContent = 'window.owned = 10'; } catch { return 'refused'; } document.body.append(script); return window.owned ?? 'not run'; }), 'refused');
  await page.evaluate(() => fetch('http://localhost:9/out').catch(() => {}));
  assert.ok(eyes.troubles.some(one => /Content Security Policy/.test(one)), 'a request to elsewhere is stopped');
  await eyes.close();
});

await end();
