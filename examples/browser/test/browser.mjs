// A server of the built folder and the browsers, for the tests.

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
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
  const server = createServer(async (request, response) => {
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
  return { url, close };
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
  await page.waitForSelector('main h1');
  return { page, complaints, asked };
}

/** Pastes a text into the field, and asks. */
export async function paste(page, text) {
  await page.waitForSelector('#paste');
  await page.$eval('#paste', (field, value) => (field.value = value), text);
  await page.click('button.primary');
}
