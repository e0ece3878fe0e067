// For everybody: assistive technology, keyboards, phones, slow machines.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readFile } from 'node:fs/promises';
import { BROWSERS, drop, inBrowser, launch, open, paste, serve } from './browser.mjs';
import { accessLog, TOO_BIG_HEADER } from './logs.mjs';

const axe = await readFile(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** Every view, and how it is reached from the first one. */
const VIEWS = {
  home: async () => {},
  diagnosis: async (page) => {
    await paste(page, TOO_BIG_HEADER);
    await page.waitForSelector('.quoted mark');
    await page.$$eval('details', (all) => all.forEach((each) => (each.open = true)));
  },
  log: async (page) => {
    await page.$$eval('.examples button', (all) => all.at(-1).click());
    await page.waitForSelector('.chart canvas');
    await page.waitForSelector('.all .row');
    await page.$eval('.places button', (button) => button.click());
  },
  exchange: async (page) => {
    await VIEWS.log(page);
    await page.$eval('.all .row', (row) => row.click());
    await page.waitForSelector('dialog .quoted mark');
  },
  encyclopedia: (page) => go(page, '#/encyclopedia', '.contents li'),
  search: async (page) => {
    await VIEWS.encyclopedia(page);
    await page.type('#search', 'timeout');
  },
  fault: (page) => go(page, '#/fault/response-timeout', '.usual'),
  cause: (page) => go(page, '#/cause/keepalive-mismatch', '.checks'),
};

async function go(page, hash, selector) {
  await page.evaluate((to) => (location.hash = to), hash);
  await page.waitForSelector(selector);
}

for (const name of BROWSERS) {
  describe(name, { concurrency: false }, () => {
    const on = inBrowser(name);

    for (const [view, reach] of Object.entries(VIEWS)) {
      test(`${view}: no barrier is found, in light and in dark`, () =>
        on('', async (page) => {
          await reach(page);
          await page.evaluate(axe);
          for (const scheme of ['light', 'dark']) {
            // The page follows the system; the test, the same colours by their own property.
            await page.evaluate((to) => (document.documentElement.style.colorScheme = to), scheme);
            const { violations } = await page.evaluate(() => globalThis.axe.run(document));
            const found = violations.flatMap(({ id, nodes }) =>
              nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
            );
            assert.deepEqual(found, [], scheme);
          }
        }));

      test(`${view}: a phone scrolls in one direction`, () =>
        on('', async (page) => {
          await page.setViewport({ width: 360, height: 700 });
          await reach(page);
          const wide = await page.evaluate(() => {
            const { scrollWidth, clientWidth } = document.documentElement;
            return scrollWidth - clientWidth;
          });
          assert.ok(wide <= 0, `${wide} pixels are beyond the edge`);
        }));
    }

    test('all is done by keyboard', () =>
      on('', async (page) => {
        await page.focus('#paste');
        await page.keyboard.type('upstream timed out (110: Connection timed out) while connecting to upstream');
        await page.keyboard.down('Control');
        await page.keyboard.press('Enter');
        await page.keyboard.up('Control');
        await page.waitForSelector('.diagnosis');
        assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1');
        await page.evaluate(() => (location.hash = '#/'));
        await page.waitForSelector('#paste');
        await drop(page, [['access.log', accessLog(300, 2)]]);
        await page.waitForSelector('.all .row');
        await page.focus('.rows');
        for (const key of ['ArrowDown', 'ArrowDown', 'PageDown', 'ArrowUp']) await page.keyboard.press(key);
        await page.keyboard.press('Enter');
        await page.waitForSelector('dialog[open] .verdict');
        await page.keyboard.press('Escape');
        await page.waitForFunction(() => !document.querySelector('dialog'));
        assert.equal(await page.evaluate(() => document.activeElement.className), 'rows');
      }));

    if (name === 'chromium') {
      test('the first view takes little script', async () => {
        const server = await serve();
        // The median of several first visits: other work goes on on this machine.
        const taken = [];
        for (let round = 0; round < 5; round += 1) {
          const browser = await launch(name);
          const { page } = await open(browser, server.url);
          taken.push(1000 * (await page.metrics()).ScriptDuration);
          await browser.close();
        }
        await server.close();
        const median = taken.sort((one, other) => one - other)[2];
        console.log(`# first view: ${median.toFixed(1)} ms of script`);
        assert.ok(median > 1 && median < 100, `${median} ms of script`);
      });

      for (const view of ['diagnosis', 'log', 'encyclopedia', 'cause']) {
        test(`${view}: nothing shifts`, () =>
          on('', async (page) => {
            await page.evaluateOnNewDocument(() => {
              window.shifted = [];
              new PerformanceObserver((list) => {
                for (const { value, hadRecentInput, sources } of list.getEntries()) {
                  const names = sources.map(({ node }) => node?.className || node?.nodeName);
                  if (!hadRecentInput) window.shifted.push([value, ...names]);
                }
              }).observe({ type: 'layout-shift', buffered: true });
            });
            await page.reload();
            await page.waitForSelector('main h1');
            await VIEWS[view](page);
            await new Promise((resolve) => setTimeout(resolve, 500));
            const shifted = await page.evaluate(() => window.shifted);
            const sum = shifted.reduce((total, [value]) => total + value, 0);
            assert.ok(sum < 0.02, JSON.stringify(shifted));
          }));
      }
    }
  });
}
