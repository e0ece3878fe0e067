// The packed package as its users have it: built by Vite, webpack and esbuild without configuration,
// or imported by a page as it is; in Chromium and Firefox, in pages and in workers.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { BROWSERS, launch, said, serve } from './browser.mjs';

const home = fileURLToPath(new URL('..', import.meta.url));
const tool = (name) => join(home, 'node_modules/.bin', name);
const HTML = '<!doctype html><title>…</title><script type="module" src="./page.js"></script>\n';
const WHOLE = {
  text: 'connect-refused',
  thrown: 'string',
  response: 200,
  title: 'Keep-alive timeouts do not match',
  faults: ['connect-refused'],
  failed: 1,
};

let folder;

function edit(file, from, to) {
  const text = readFileSync(file, 'utf8');
  assert.ok(text.includes(from));
  writeFileSync(file, text.replace(from, to));
}

const browsers = {};

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'why502-'));
  const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
    cwd: home,
    encoding: 'utf8',
  });
  for (const name of ['vite', 'webpack', 'esbuild', 'plain']) {
    const app = join(folder, name);
    const module = join(app, 'node_modules/why502');
    mkdirSync(module, { recursive: true });
    execFileSync('tar', ['-xzf', join(folder, packed.trim()), '-C', module, '--strip-components=1']);
    for (const file of ['main.js', 'page.js', 'worker.js']) {
      copyFileSync(join(home, 'test/pages', file), join(app, file));
    }
    // Vite builds workers in a form without top-level await: there what loads later is used.
    if (name === 'vite') edit(join(app, 'worker.js'), "'why502'", "'why502/lazy'");
    writeFileSync(join(app, 'index.html'), HTML);
    writeFileSync(join(app, 'package.json'), '{"type":"module","private":true}\n');
  }
  for (const which of BROWSERS) browsers[which] = await launch(which);
});

after(async () => {
  for (const browser of Object.values(browsers)) await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (app, name, ...given) =>
  execFileSync(tool(name), given, { cwd: join(folder, app), stdio: ['ignore', 'ignore', 'inherit'] });

async function works(dist, ...asked) {
  const site = await serve(dist);
  try {
    for (const which of BROWSERS) {
      const { fault, page, worker } = await said(browsers[which], site.url);
      assert.equal(fault, 'connect-refused');
      for (const [where, answer] of Object.entries({ page, worker })) {
        assert.deepEqual(answer, WHOLE, `${which}, ${where}`);
      }
    }
    for (const end of asked) assert.ok(site.asked.some((path) => end.test(path)), `${site.asked}`);
  } finally {
    site.close();
  }
}

describe('the package', { timeout: 180_000 }, () => {
  test('built by Vite', async () => {
    run('vite', 'vite', 'build', '--logLevel', 'error');
    await works(join(folder, 'vite/dist'), /\.wasm$/, /\.words$/);
  });

  test('served by Vite while it is developed', async () => {
    const { createServer } = await import('vite');
    const server = await createServer({
      root: join(folder, 'vite'),
      logLevel: 'error',
      server: { port: 0, host: '127.0.0.1' },
    });
    await server.listen();
    try {
      const { port } = server.httpServer.address();
      const { page, worker } = await said(browsers.chromium, `http://127.0.0.1:${port}/`);
      assert.deepEqual(page, WHOLE);
      assert.deepEqual(worker, WHOLE);
    } finally {
      await server.close();
    }
  });

  test('built by webpack', async () => {
    run('webpack', 'webpack', '--mode=production', '--entry=./page.js', '--output-path=dist');
    const html = HTML.replace('./page.js', './main.js');
    writeFileSync(join(folder, 'webpack/dist/index.html'), html);
    await works(join(folder, 'webpack/dist'), /\.wasm$/, /\.words$/);
  });

  test('built by esbuild', async () => {
    const options = ['--bundle', '--format=esm', '--outdir=dist', '--log-level=error'];
    run('esbuild', 'esbuild', 'page.js', 'worker.js', ...options);
    copyFileSync(join(folder, 'esbuild/index.html'), join(folder, 'esbuild/dist/index.html'));
    await works(join(folder, 'esbuild/dist'));
  });

  test('imported as it is, by a path', async () => {
    const [app, site] = [join(folder, 'plain'), join(folder, 'plain/site')];
    cpSync(join(app, 'node_modules/why502/dist'), join(site, 'why502'), { recursive: true });
    for (const file of ['main.js', 'page.js', 'worker.js']) {
      copyFileSync(join(app, file), join(site, file));
    }
    for (const file of ['page.js', 'worker.js']) {
      edit(join(site, file), "'why502'", "'./why502/web.js'");
    }
    writeFileSync(join(site, 'index.html'), HTML);
    await works(site, /why502\.wasm$/, /why502\.words$/);
  });
});
