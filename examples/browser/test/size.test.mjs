// How much script the page brings beside the engine.

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

const assets = new URL('../dist/assets/', import.meta.url);

/** In bytes, as built: the first view, the view of a log, the chart. */
const BUDGETS = { index: 48_000, log: 48_000, chart: 56_000 };

test('the script of the page is small', async () => {
  const files = await readdir(assets);
  for (const [name, budget] of Object.entries(BUDGETS)) {
    const file = files.find((each) => each.startsWith(`${name}-`) && each.endsWith('.js'));
    const script = await readFile(new URL(file, assets));
    console.log(`# ${name}: ${script.length} bytes, ${gzipSync(script).length} by gzip`);
    assert.ok(script.length <= budget, `${name}: ${script.length} bytes`);
  }
});
