// A server of the built folder and the browsers, for the tests.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import puppeteer from 'puppeteer-core';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
};

/** Serves the folder; `close` ends it, so that a page must do without. */
export async function serve() {
  const asked = [];
  const server = createServer(async (request, response) => {
    asked.push(request.url);
    const { pathname } = new URL(request.url, 'http://localhost');
    const file = join(dist, normalize(pathname.endsWith('/') ? `${pathname}index.html` : pathname));
    try {
      const body = await readFile(file);
      response.setHeader('content-type', TYPES[extname(file)] ?? 'text/plain; charset=utf-8');
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}/`;
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url, asked, close };
}

const CHROMIUM = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Both, unless BROWSERS names one. */
export const BROWSERS = process.env.BROWSERS?.split(',') ?? ['chromium', 'firefox'];

const shared = { headless: true, protocolTimeout: 60_000 };

export function launch(name) {
  return puppeteer.launch(
    name === 'firefox'
      ? { ...shared, browser: 'firefox', executablePath: '/usr/bin/firefox-esr' }
      : { ...shared, executablePath: '/usr/bin/chromium', args: CHROMIUM },
  );
}

/** A page with what it complains about, and the addresses that it asks for. */
export async function open(browser, url) {
  const page = await browser.newPage();
  const complaints = [];
  const asked = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(url);
  if (url !== 'about:blank') await page.waitForSelector('main h1');
  return { page, complaints, asked };
}

/**
 * A browser for the tests of one suite. What it answers runs a test with a page of its own, which
 * must complain about nothing and ask nobody but its server.
 */
export function inBrowser(name) {
  let server, browser;
  before(async () => {
    server = await serve();
    browser = await launch(name);
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });
  return async (fragment, use) => {
    const { page, complaints, asked } = await open(browser, `${server.url}${fragment}`);
    try {
      await use(page, server);
      assert.deepEqual(complaints, []);
      // Firefox's own headless font, and the worker's first script.
      const own = (url) => /^(blob:|data:font)/.test(url) || url.startsWith(server.url);
      assert.deepEqual(asked.filter((url) => !own(url)), []);
    } finally {
      await page.close();
    }
  };
}

/** Pastes a text into the field, and asks. */
export async function paste(page, text) {
  await page.waitForSelector('#paste');
  await page.$eval('#paste', (field, value) => (field.value = value), text);
  await page.click('button.primary');
}

export const text = (page, selector) => page.$eval(selector, (element) => element.textContent);
export const texts = (page, selector) =>
  page.$$eval(selector, (elements) => elements.map((element) => element.textContent));

/** Drops files as a person does, without the chooser. */
export async function drop(page, files) {
  await page.evaluate((all) => {
    const transfer = new DataTransfer();
    for (const [name, bytes] of all) {
      const content = typeof bytes === 'string' ? bytes : Uint8Array.from(bytes);
      transfer.items.add(new File([content], name));
    }
    document.dispatchEvent(
      new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }),
    );
  }, files);
}

/** What a button copies. */
export async function copied(page, label) {
  return page.evaluate(async (wanted) => {
    const written = new Promise((resolve) => {
      navigator.clipboard.writeText = async (value) => resolve(value);
    });
    [...document.querySelectorAll('button')].find((button) => button.textContent.startsWith(wanted)).click();
    return written;
  }, label);
}

/** What a button saves. */
export async function kept(page, label) {
  return page.evaluate(async (wanted) => {
    const saved = new Promise((resolve) => {
      HTMLAnchorElement.prototype.click = async function () {
        resolve(await (await fetchBlob(this.href)));
      };
    });
    const blobs = new Map();
    const make = URL.createObjectURL;
    URL.createObjectURL = (blob) => {
      const url = make(blob);
      blobs.set(url, blob);
      return url;
    };
    const fetchBlob = (url) => blobs.get(url).text();
    [...document.querySelectorAll('button')].filter((button) => button.textContent === wanted).at(0).click();
    return saved;
  }, label);
}
