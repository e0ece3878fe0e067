// The types: those of the schemas of today, and true of real answers under `tsc --strict`.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createReader, diagnose, explain, list } from 'why502';
import { types } from '../types/generate.mjs';

const home = fileURLToPath(new URL('..', import.meta.url));
const LOG = readFileSync(join(home, '../../examples/cli/logs/nginx/error.log'), 'utf8');

test('are made from the schemas as they are', async () => {
  const checked = readFileSync(join(home, 'types/schema.d.ts'), 'utf8');
  assert.equal(checked, await types(), 'run `npm run types`');
});

async function summaryOf(log) {
  const reader = createReader();
  for await (const _ of new Blob([log]).stream().pipeThrough(reader));
  return reader.summary;
}

test('are true of what is answered, and refuse what is not taken', async () => {
  const answers = {
    Diagnosis: [diagnose(LOG.split('\n')[0]), diagnose({ status: 502 })],
    Summary: [await summaryOf(LOG)],
    Catalogue: [list()],
    Explanation: [explain('response-timeout'), explain('unknown', 'cause')],
  };
  const values = Object.entries(answers).flatMap(([type, all]) =>
    all.map((value, at) => `export const ${type}${at}: why502.${type} = ${JSON.stringify(value)};`),
  );
  const use = `
    import * as why502 from 'why502';
    import * as lazy from 'why502/lazy';
    import * as inline from 'why502/inline';
    ${values.join('\n')}
    export const fault: why502.Fault = why502.diagnose('').fault;
    export const sync: why502.Diagnosis = why502.diagnose(new Response());
    export const body: Promise<why502.Diagnosis> = why502.diagnose(new Response(), { body: true });
    export const facts: why502.Evidence = { status: 502, timings_ms: { total: 1 } };
    export const of = [why502.diagnose(facts), inline.diagnose(new Error('x')).causes[0].id];
    export const later: Promise<why502.Diagnosis> = lazy.diagnose('x');
    export const stream: ReadableStream<why502.Diagnosis> =
      new Blob([]).stream().pipeThrough(why502.createReader({ live: true }));
    export const watched: typeof fetch = why502.watchFetch(fetch, ({ fault }) => fault);
    export const title: string = why502.explain('unknown', 'cause').title;
    // @ts-expect-error: a fault has no title.
    why502.explain('unknown', 'fault').title;
    // @ts-expect-error: there is no such fault.
    export const wrong: why502.Fault = 'tea';
    // @ts-expect-error: a status is a number.
    export const text: why502.Evidence = { status: '502' };
    // @ts-expect-error: with its body a response is answered later.
    export const now: why502.Diagnosis = why502.diagnose(new Response(), { body: true });
  `;
  // Within the package, so that its name is found.
  const folder = mkdtempSync(join(home, 'types-test-'));
  try {
    writeFileSync(join(folder, 'use.ts'), use);
    writeFileSync(join(folder, 'use.cts'), `import why502 = require('why502');\nwhy502.list();\n`);
    for (const [module, files] of Object.entries({
      nodenext: ['use.ts', 'use.cts'],
      esnext: ['use.ts'],
    })) {
      const options = { strict: true, noEmit: true, target: 'es2022', module, types: [] };
      const lib = ['es2023', 'dom', 'dom.iterable', 'dom.asynciterable'];
      const moduleResolution = module === 'esnext' ? 'bundler' : module;
      const compilerOptions = { ...options, lib, moduleResolution };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
      execFileSync(join(home, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' });
    }
  } catch (error) {
    assert.fail(error.stdout || error);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
