// What strangers write into logs, and what the page must never do.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { BROWSERS, drop, inBrowser, launch, open, paste, serve, text, texts } from './browser.mjs';
import { accessLog, TOO_BIG_HEADER } from './logs.mjs';

const SCRIPT = '<img src=x onerror="window.ran=1"><script>window.ran=1</script>';

/** The same error with something else as its path. */
const withPath = (path) => TOO_BIG_HEADER.replaceAll('/cart', path);

/** The longest time in which the page drew nothing. */
const watchFrames = (page) =>
  page.evaluate(() => {
    let last = performance.now();
    window.longest = 0;
    const frame = (now) => {
      window.longest = Math.max(window.longest, now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });

for (const name of BROWSERS) {
  describe(name, { concurrency: false }, () => {
    const on = inBrowser(name);

    const untouched = async (page) => {
      assert.equal(await page.evaluate(() => window.ran), undefined);
      assert.equal(await page.$('main :is(img, script, iframe, svg, style, [onerror])'), null);
    };

    test('markup in a line is text', () =>
      on('', async (page) => {
        await paste(page, withPath(`/${SCRIPT}`));
        await page.waitForSelector('.quoted mark');
        await page.waitForFunction(() => /onerror/.test(document.querySelector('.quoted pre').textContent));
        await untouched(page);
        assert.ok((await text(page, '.facts')).includes('<script>'));
      }));

    test('markup in a log is text: in names of files, rows, places and filters', () =>
      on('', async (page) => {
        const log = accessLog(60)
          .replaceAll('/item/', `/${SCRIPT.replaceAll('"', "'").replaceAll(' ', '/')}`)
          .replaceAll('192.0.2.3:8080', SCRIPT.replaceAll('"', "'").replaceAll(' ', '/'));
        await drop(page, [[`${SCRIPT}.log`, log]]);
        await page.waitForSelector('.all .row');
        await page.$$eval('.places button', (all) => all.forEach((button) => button.click()));
        await page.waitForSelector('.chip');
        await page.$eval('.all .row', (row) => row.click());
        await page.waitForSelector('dialog .quoted');
        await page.waitForFunction(() => document.querySelector('dialog mark'));
        await untouched(page);
        assert.match(await text(page, '.quoted figcaption'), /<img src=x/);
      }));

    test('letters that hide or turn text are seen', () =>
      on('', async (page) => {
        await paste(page, withPath('/a\u202egpj.exe\u2066\u200b\u0000\u001b[31m\ud800z\u00ad'));
        await page.waitForSelector('.quoted .unseen');
        await page.waitForFunction(() => document.querySelector('.quoted pre').textContent.includes('client'));
        const unseen = new Set(await texts(page, '.quoted .unseen'));
        for (const letter of ['U+202E', 'U+2066', 'U+200B', 'U+0000', 'U+001B', 'U+00AD']) {
          assert.ok(unseen.has(letter), `${letter} is not seen among ${[...unseen]}`);
        }
        const raw = await text(page, 'main');
        assert.doesNotMatch(raw, /[\u202e\u2066\u200b\u0000\u001b]/);
      }));

    test('a gigantic line freezes nothing and is clipped', () =>
      on('', async (page) => {
        await watchFrames(page);
        await page.evaluate((line) => {
          const long = line.replace('client:', `${'x'.repeat(10_000_000)} client:`);
          const transfer = new DataTransfer();
          transfer.items.add(new File([long], 'long.log'));
          document.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true }));
        }, TOO_BIG_HEADER);
        await page.waitForSelector(':is(.diagnosis, .headline)');
        await new Promise((resolve) => setTimeout(resolve, 500));
        assert.ok((await text(page, 'main')).length < 50_000);
        const longest = await page.evaluate(() => window.longest);
        assert.ok(longest < 1000, `nothing was drawn for ${longest} ms`);
      }));

    test('a gigantic paste is read, and not put into the field', () =>
      on('', async (page) => {
        await page.evaluate((line) => {
          const transfer = new DataTransfer();
          transfer.setData('text/plain', `${line}\n${'y'.repeat(300_000)}`);
          const event = new ClipboardEvent('paste', {
            bubbles: true,
            cancelable: true,
            clipboardData: transfer,
            // Firefox takes it in these words.
            dataType: 'text/plain',
            data: transfer.getData('text/plain'),
          });
          document.querySelector('#paste').dispatchEvent(event);
        }, TOO_BIG_HEADER);
        await page.waitForSelector(':is(.diagnosis, .headline)');
        assert.match(await text(page, 'main'), /response-header-too-large/);
      }));

    test('nonsense is no failure of the page', () =>
      on('', async (page) => {
        for (const nonsense of ['{"__proto__":{"a":1}}', '\u0000\u0000\ufffe', '<html><body>', '[]', '💥'.repeat(999)]) {
          await page.evaluate(() => (location.hash = '#/'));
          await paste(page, nonsense);
          await page.waitForSelector('.diagnosis');
          assert.equal(await text(page, '.observed code'), 'unknown', nonsense);
        }
        for (const place of ['#/cause/__proto__', '#/fault/constructor', '#/%00', '#//', '#case=']) {
          await page.evaluate((hash) => (location.hash = hash), place);
          await page.waitForSelector('main h1');
        }
      }));

    test('a link that unpacks to much is cut', () =>
      on('', async (page) => {
        const bomb = deflateRawSync(Buffer.alloc(50_000_000, `${TOO_BIG_HEADER}\n`)).toString('base64url');
        await page.evaluate((kept) => (location.hash = `#case=${kept}`), bomb);
        await page.waitForSelector('.headline');
        assert.match(await text(page, '.headline'), /^1,0\d\d exchanges failed/);
      }));

    test('the policy lets nothing out, of the page or of its worker', async () => {
      let heard = 0;
      const other = createServer((_, response) => {
        heard += 1;
        response.end();
      });
      await new Promise((resolve) => other.listen(0, '127.0.0.1', resolve));
      const server = await serve();
      const browser = await launch(name);
      try {
        const elsewhere = `http://127.0.0.1:${other.address().port}/`;
        const tries = `
          Promise.allSettled([
            fetch('${elsewhere}', { mode: 'no-cors' }),
            new Promise((resolve, reject) => {
              const socket = new WebSocket('${elsewhere.replace('http', 'ws')}');
              socket.onopen = resolve;
              socket.onerror = reject;
            }),
          ]).then((all) => all.map(({ status }) => status).join())`;
        const { page } = await open(browser, 'about:blank');
        // The worker's script tries it first of all, and tells the page's own server.
        await page.evaluateOnNewDocument((trial) => {
          const make = URL.createObjectURL;
          URL.createObjectURL = (blob) =>
            make(new Blob([`${trial}.then((what) => fetch('${location.origin}/told-' + what));`, blob]));
        }, tries);
        await page.goto(server.url);
        await paste(page, TOO_BIG_HEADER);
        await page.waitForSelector('.diagnosis');
        assert.equal(await page.evaluate(tries), 'rejected,rejected');
        for (let wait = 0; wait < 50 && !server.asked.some((url) => url.startsWith('/told')); wait += 1) {
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        assert.ok(server.asked.includes('/told-rejected,rejected'), server.asked.join());
        const markup = await page.evaluate((url) => {
          const image = new Image();
          image.src = `${url}image`;
          try {
            document.body.innerHTML = '<b>x</b>';
            return 'written';
          } catch {
            return 'refused';
          }
        }, elsewhere);
        assert.equal(markup, 'refused');
        assert.equal(heard, 0);
      } finally {
        await browser.close();
        await server.close();
        other.close();
      }
    });

    test('it works without a network after the first visit', async () => {
      const server = await serve();
      const browser = await launch(name);
      try {
        const { page, complaints } = await open(browser, server.url);
        await page.evaluate(async () => {
          const { active } = await navigator.serviceWorker.ready;
          if (active.state !== 'activated') {
            await new Promise((resolve) => (active.onstatechange = resolve));
          }
        });
        await server.close();
        await page.reload();
        await paste(page, TOO_BIG_HEADER);
        await page.waitForSelector('.diagnosis');
        await page.evaluate(() => (location.hash = '#/'));
        await page.waitForSelector('.examples');
        await page.$$eval('.examples button', (all) => all.at(-1).click());
        await page.waitForSelector('.chart canvas');
        assert.deepEqual(complaints, []);
      } finally {
        await browser.close();
        await server.close();
      }
    });
  });
}
