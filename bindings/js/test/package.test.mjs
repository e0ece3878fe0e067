// Sizes, what is packed, what is loaded when, and the examples of the README.

import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { bytesOf, cases } from './cases.mjs';

const home = fileURLToPath(new URL('..', import.meta.url));
const dist = (name) => join(home, 'dist', name);
const KIB = 1024;

// The README tells these.
const BUDGETS = [
  { file: 'why502.wasm', raw: 725 * KIB, brotli: 262 * KIB },
  { file: 'why502.words', raw: 160 * KIB, brotli: 50 * KIB },
  ...['web.js', 'lazy.js', 'inline.js', 'node.cjs'].map((file) => ({ file, raw: 8 * KIB })),
];

for (const { file, raw, brotli } of BUDGETS) {
  test(`${file} stays within its budget`, () => {
    const bytes = readFileSync(dist(file));
    assert.ok(bytes.length <= raw, `${bytes.length} bytes`);
    if (brotli) {
      const packed = brotliCompressSync(bytes).length;
      assert.ok(packed <= brotli, `${packed} bytes with brotli`);
    }
  });
}

test('all that is named is there', () => {
  const { exports } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  const named = JSON.stringify(exports).match(/\.\/dist\/[\w.]+/g);
  assert.ok(named.length > 8);
  for (const path of named) assert.ok(statSync(join(home, path)).size > 0, path);
});

test('the engine decides alike without the words', async () => {
  const { Engine } = await import('../js/engine.js');
  const module = new WebAssembly.Module(readFileSync(dist('why502.wasm')));
  const [mute, whole] = [new Uint8Array(0), readFileSync(dist('why502.words'))].map(
    (words) => new Engine(module, words),
  );
  for (const example of cases()) {
    const [one, other] = [mute, whole].map((engine) =>
      JSON.parse(engine.call('diagnose', bytesOf(example), 2026, '')),
    );
    const decided = ({ fault, causes }) => [fault, causes.map(({ id, confidence }) => [id, confidence])];
    assert.deepEqual(decided(one), decided(other), example.name);
  }
});

test('nothing is loaded before the first call of why502/lazy', async (context) => {
  const asked = [];
  context.mock.method(globalThis, 'fetch', async (url) => {
    asked.push(String(url).split('/').at(-1));
    return new Response(readFileSync(fileURLToPath(url)));
  });
  const lazy = await import('why502/lazy');
  assert.deepEqual(asked, []);
  const watched = lazy.watchFetch(async () => new Response('', { status: 200 }), () => {});
  await watched('https://shop.example/');
  assert.deepEqual(asked, []);
  assert.equal((await lazy.diagnose({ status: 502 })).status, 502);
  await lazy.list();
  assert.deepEqual(asked.sort(), ['why502.wasm', 'why502.words']);
});

test('the examples of the README run', async (context) => {
  context.mock.method(console, 'assert', (holds) => assert.ok(holds));
  const readme = readFileSync(join(home, 'README.md'), 'utf8');
  const examples = [...readme.matchAll(/```js run\n([^]*?)```/g)].map(([, code]) => code);
  assert.ok(examples.length >= 3);
  for (const [at, code] of examples.entries()) {
    const absolute = code.replace(/'(why502[\w/]*)'/g, (_, name) => `'${import.meta.resolve(name)}'`);
    await assert.doesNotReject(
      import(`data:text/javascript,${encodeURIComponent(absolute)}`),
      `example ${at + 1}`,
    );
  }
});
