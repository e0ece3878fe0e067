// A page served on this machine, in Chromium and Firefox.

import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import puppeteer from 'puppeteer-core';

const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

export const BROWSERS = ['chromium', 'firefox'];

export function launch(which) {
  return which === 'firefox'
    ? puppeteer.launch({ browser: 'firefox', executablePath: '/usr/bin/firefox-esr', headless: true })
    : puppeteer.launch({
        executablePath: '/usr/bin/chromium',
        headless: true,
        args: [
          '--no-sandbox',
          '--disable-gpu',
          '--disable-quic',
          '--no-first-run',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
        ],
      });
}

// Serves a folder; what is not there is answered as hosts of single pages do, with the page.
export async function serve(folder) {
  const asked = [];
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url, 'http://a').pathname);
    asked.push(path);
    let file = join(folder, path === '/' ? 'index.html' : path);
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) file = join(folder, 'index.html');
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  return { url: `http://127.0.0.1:${port}/`, asked, close: () => server.close() };
}

// What the page says once it is done: JSON in its title.
export async function said(browser, url, timeout = 20_000) {
  const page = await browser.newPage();
  const wrong = [];
  page.on('pageerror', (error) => wrong.push(String(error)));
  await page.goto(url);
  try {
    await page.waitForFunction(() => document.title.startsWith('{'), { timeout });
  } catch (cause) {
    throw new Error(`the page said nothing: ${wrong.join('; ')}`, { cause });
  }
  const title = await page.title();
  await page.close();
  return JSON.parse(title);
}
