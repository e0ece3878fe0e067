// node bundle.mjs BOUND DIST: the engine and the words, beside the entries that load them, of what
// wasm-bindgen wrote into the folder BOUND.

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { factory } from './factory.mjs';
import { split } from './split.mjs';

const [bound, dist] = process.argv.slice(2);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

writeFileSync(here('js/glue.js'), factory(readFileSync(join(bound, 'why502_bg.js'), 'utf8')));
const { instance } = await import('./js/glue.js');

const whole = readFileSync(join(bound, 'why502.wasm'));
const { engine, words } = split(whole, instance(new WebAssembly.Module(whole)).places());
writeFileSync(join(dist, 'why502.wasm'), engine);
writeFileSync(join(dist, 'why502.words'), words);
const base64 = (bytes) => `'${Buffer.from(bytes).toString('base64')}'`;
writeFileSync(
  join(dist, 'inlined.js'),
  `export const engine = ${base64(engine)};\nexport const words = ${base64(words)};\n`,
);

const entry = (name, out, options) =>
  build({
    entryPoints: [here(`js/${name}`)],
    outfile: join(dist, out),
    bundle: true,
    minify: true,
    target: 'es2022',
    external: ['./inlined.js'],
    // What only the glue calls so.
    mangleProps: /^__(wbg_ptr|destroy_into_raw)$/,
    logLevel: 'warning',
    ...options,
  });
await Promise.all([
  entry('web.js', 'web.js', { format: 'esm' }),
  entry('lazy.js', 'lazy.js', { format: 'esm' }),
  entry('inline.js', 'inline.js', { format: 'esm' }),
  entry('node.js', 'node.cjs', { format: 'cjs', platform: 'node' }),
]);

// One engine and one class of errors for both ways to import it.
const names = Object.keys(createRequire(import.meta.url)(resolve(dist, 'node.cjs'))).join(', ');
const wrapper = `import why502 from './node.cjs';\nexport const { ${names} } = why502;\n`;
writeFileSync(join(dist, 'node.mjs'), wrapper);

// For `import` and for `require`: TypeScript asks for both.
for (const name of ['schema', 'index', 'lazy']) {
  const types = readFileSync(here(`types/${name}.d.ts`), 'utf8');
  writeFileSync(join(dist, `${name}.d.ts`), types);
  writeFileSync(join(dist, `${name}.d.cts`), types.replaceAll(".js'", ".cjs'"));
}
