// The built page in the browsers: what is brought, what is answered, what can be taken away.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { BROWSERS, copied, drop, inBrowser, kept, paste, text, texts } from './browser.mjs';
import { accessLog, TOO_BIG_HEADER } from './logs.mjs';

for (const name of BROWSERS) {
  describe(name, { concurrency: false }, () => {
    const on = inBrowser(name);

    test('a pasted line is answered with the words that tell marked', () =>
      on('', async (page) => {
        await paste(page, TOO_BIG_HEADER);
        await page.waitForSelector('.diagnosis');
        assert.equal(await text(page, 'h1'), 'A buffer or size limit is too small');
        assert.match(await text(page, '.observed'), /response-header-too-large/);
        await page.waitForFunction(() => /client: 198/.test(document.querySelector('.quoted pre').textContent));
        assert.deepEqual(await texts(page, '.decides mark'), [
          'upstream sent too big header while reading response header from upstream',
        ]);
        assert.equal(await text(page, '.quoted pre'), TOO_BIG_HEADER);
        assert.match((await texts(page, '.command pre'))[0], /^curl .*10\.0\.0\.2:8080\/cart/);
        assert.ok((await texts(page, '.remedies a')).includes('proxy_buffer_size'));
        assert.ok((await page.$$('.others > li')).length >= 2);
      }));

    test('nothing pasted is said so', () =>
      on('', async (page) => {
        await paste(page, '  \n ');
        assert.match(await text(page, '#trouble'), /nothing to read/);
      }));

    test('what went well is said to have gone well', () =>
      on('', async (page) => {
        await paste(page, accessLog(3, 5).split('\n')[1]);
        await page.waitForSelector('.verdict.well');
        assert.equal(await page.$('.remedies'), null);
      }));

    test('every example is answered', () =>
      on('', async (page) => {
        const count = (await page.$$('.examples button')).length;
        assert.ok(count >= 5);
        for (let at = 0; at < count; at += 1) {
          await page.evaluate(() => (location.hash = '#/'));
          await page.waitForSelector('.examples');
          await page.$$eval('.examples button', (all, number) => all[number].click(), at);
          await page.waitForSelector('.diagnosis');
          assert.notEqual(await text(page, '.observed code'), 'unknown');
        }
      }));

    test('two logs of one gateway are joined', () =>
      on('', async (page) => {
        await page.$$eval('.examples button', (all) => all.at(-1).click());
        await page.waitForSelector('.rows');
        assert.equal(await text(page, 'h1'), '13 of 437 exchanges failed (3 %)');
        await page.waitForFunction(() => document.querySelectorAll('.quoted').length === 2);
        const places = await texts(page, '.quoted figcaption span:first-child');
        assert.deepEqual(places, ['error.log, line 1 · error-log', 'access.log, line 79 · access-log']);
        const marked = await texts(page, '.quoted pre');
        assert.match(marked[1], /^198\.51\.100\.203 .*GET \/api\/export\?month=2026-09/);
      }));

    test('a HAR is read entry by entry', () =>
      on('', async (page) => {
        await page.$$eval('.examples button', (all) =>
          all.find((button) => button.textContent.startsWith('HAR')).click(),
        );
        await page.waitForSelector('.rows');
        assert.equal(await text(page, 'h1'), '2 of 3 exchanges failed (67 %)');
        assert.deepEqual(await texts(page, '.findings code'), ['response-timeout', 'connect-refused']);
        await page.$$eval('.all .row', (all) => all[1].click());
        await page.waitForSelector('dialog .quoted mark');
        assert.match(await text(page, 'dialog .observed'), /connect-refused/);
        assert.ok(await page.$('dialog .checks'));
      }));

    test('a log of 100,000 lines is streamed, listed, filtered and scrolled', () =>
      on('', async (page) => {
        await drop(page, [['access.log', accessLog(100_000)]]);
        await page.waitForSelector('.rows', { timeout: 60_000 });
        assert.equal(await text(page, 'h1'), '100,000 of 100,000 exchanges failed (100 %)');
        const status = () => text(page, '.section > [role=status]');
        assert.equal(await status(), '100,000 exchanges');
        assert.ok((await page.$$('.all .row')).length < 80);

        // To the end by keyboard: the last row is the last line of the log.
        await page.focus('.rows');
        await page.keyboard.press('End');
        await page.waitForFunction(() => document.querySelector('.row.active')?.textContent.includes('n=99999'));
        await page.keyboard.press('Enter');
        await page.waitForSelector('dialog .quoted mark');
        await page.waitForFunction(() =>
          /line 100,000/.test(document.querySelector('dialog figcaption').textContent),
        );
        await page.keyboard.press('Escape');
        await page.waitForFunction(() => !document.querySelector('dialog'));

        // Rows are there soon wherever it is scrolled to.
        const slowest = await page.evaluate(async () => {
          const rows = document.querySelector('.rows');
          const frame = rows.getBoundingClientRect();
          // Two points: one may be on the edge of two rows.
          const there = () =>
            [0, 7].some((down) =>
              document
                .elementFromPoint(frame.left + 200, frame.top + frame.height / 2 + down)
                ?.closest('.all .row'),
            );
          let longest = 0;
          for (let at = 0; at < 100; at += 1) {
            rows.scrollTop = (rows.scrollHeight * ((at * 37) % 100)) / 100;
            const begin = performance.now();
            do await new Promise((resolve) => requestAnimationFrame(resolve));
            while (!there() && performance.now() - begin < 2000);
            longest = Math.max(longest, performance.now() - begin);
          }
          return longest;
        });
        assert.ok(slowest < 400, `rows were there after ${slowest} ms`);

        await page.type('.filters input', 'n=777');
        await page.waitForFunction(() => /of 100,000/.test(document.querySelector('.section > [role=status]').textContent));
        assert.match(await status(), /^111 of/);
        await page.$$eval('.filters button', (all) => all.at(-1).click());
        await page.$eval('.places button', (first) => first.click());
        await page.waitForFunction(() => /^14,286 of/.test(document.querySelector('.section > [role=status]').textContent));
      }));

    test('a chosen file is read from the disk, and stopped: what was read is answered', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'why502-'));
      const file = join(folder, 'large.log');
      await writeFile(file, accessLog(10_000, 5).repeat(80));
      try {
        await on('', async (page) => {
          await (await page.$('input[type=file]')).uploadFile(file);
          await page.waitForFunction(() => document.querySelector('progress')?.value > 0);
          await page.$eval('.going button', (button) => button.click());
          await page.waitForSelector('.headline');
          assert.match(await text(page, '.headline p'), /stopped after [\d.]+ MiB of 2\d\d MiB/);
          assert.ok((await page.$$('.all .row')).length > 0);
        });
      } finally {
        await rm(folder, { recursive: true });
      }
    });

    test('a log that gzip packed is read', () =>
      on('', async (page) => {
        await drop(page, [['access.log.gz', [...gzipSync(accessLog(50, 10))]]]);
        await page.waitForSelector('.rows');
        assert.equal(await text(page, 'h1'), '5 of 50 exchanges failed (10 %)');
        await page.waitForSelector('.quoted .says');
        assert.match(await text(page, '.quoted figcaption'), /access\.log\.gz, line 1/);
      }));

    test('what cannot be read is said so', () =>
      on('', async (page) => {
        await drop(page, [['broken.gz', [0x1f, 0x8b, 8, 0, 1, 2, 3]]]);
        await page.waitForFunction(() => document.querySelector('#trouble')?.textContent);
        await drop(page, [['empty.log', '']]);
        await page.waitForFunction(() => /empty/.test(document.querySelector('#trouble')?.textContent));
        await drop(page, [['novel.txt', 'It was a dark and stormy night.\n'.repeat(50_000)]]);
        await page.waitForSelector('.headline');
        assert.equal(await text(page, 'h1'), 'No failure is told of');
        assert.match(await text(page, 'main'), /What is read.*nginx/s);
      }));

    test('a link holds a case, and gives it back', () =>
      on('', async (page) => {
        await paste(page, TOO_BIG_HEADER);
        await page.waitForSelector('.diagnosis');
        const link = await copied(page, 'Copy link');
        assert.match(link, /#case=[\w-]+$/);
        assert.ok(link.length < 1000);
        await on(link.slice(link.indexOf('#')), async (other) => {
          await other.waitForSelector('.diagnosis');
          assert.equal(await text(other, 'h1'), 'A buffer or size limit is too small');
        });
      }));

    test('a spoiled link leads home', () =>
      on('#case=%3Cimg%20src=x%3E', async (page) => {
        await page.waitForSelector('#paste');
      }));

    test('an exchange of a log is shared by its lines', () =>
      on('', async (page) => {
        await page.$$eval('.examples button', (all) => all.at(-1).click());
        await page.waitForSelector('.rows');
        const link = await copied(page, 'Copy link');
        await on(link.slice(link.indexOf('#')), async (other) => {
          await other.waitForSelector('.diagnosis');
          assert.equal(await text(other, 'h1'), 'The upstream is slow at this work');
        });
      }));

    test('Markdown and JSON are taken away', () =>
      on('', async (page) => {
        await paste(page, TOO_BIG_HEADER);
        await page.waitForSelector('.diagnosis');
        const markdown = await copied(page, 'Copy Markdown');
        assert.match(markdown, /^## `response-header-too-large`/);
        const saved = await kept(page, 'Save JSON');
        assert.equal(JSON.parse(saved).fault, 'response-header-too-large');

        await page.evaluate(() => (location.hash = '#/'));
        await page.waitForSelector('.examples');
        await page.$$eval('.examples button', (all) => all.at(-1).click());
        await page.waitForSelector('.rows');
        const all = await kept(page, 'Save all exchanges');
        const faults = all.trim().split('\n').map((line) => JSON.parse(line).fault);
        assert.equal(faults.length, 15);
      }));

    test('the encyclopedia is searched and read', () =>
      on('#/encyclopedia', async (page) => {
        await page.waitForSelector('#search');
        assert.ok((await page.$$('.contents li')).length > 70);
        await page.type('#search', 'keepalive_timeout idle');
        await page.waitForFunction(() => /^\d+ page/.test(document.querySelector('.search [role=status]').textContent));
        await page.$eval('.contents a[href="#/cause/keepalive-mismatch"]', (link) => link.click());
        await page.waitForFunction(() => document.querySelector('h1').textContent.startsWith('Keep-alive'));
        assert.deepEqual(await texts(page, '.group h3'), ['envoy', 'haproxy', 'apache', 'nginx']);
        await page.evaluate(() => (location.hash = '#/fault/response-timeout'));
        await page.waitForSelector('.usual');
        assert.match(await text(page, '.entry'), /http_response_timeout/);
        await page.evaluate(() => (location.hash = '#/fault/no-such-thing'));
        await page.waitForFunction(() => /no such fault/.test(document.querySelector('h1').textContent));
      }));

    test('every fault and cause has its page', () =>
      on('#/encyclopedia', async (page) => {
        await page.waitForSelector('.contents a');
        const links = await page.$$eval('.contents a', (all) => all.map((link) => link.hash));
        for (const link of links) {
          await page.evaluate((hash) => (location.hash = hash), link);
          await page.waitForFunction((id) => document.querySelector('.entry')?.textContent.includes(id), {}, link.split('/')[2]);
        }
      }));

    test('what was answered is still there behind the encyclopedia', () =>
      on('', async (page) => {
        await paste(page, TOO_BIG_HEADER);
        await page.waitForSelector('.diagnosis');
        await page.$eval('.observed a', (link) => link.click());
        await page.waitForSelector('.entry');
        await page.goBack();
        await page.waitForSelector('.diagnosis');
        assert.equal(await text(page, 'h1'), 'A buffer or size limit is too small');
      }));
  });
}
