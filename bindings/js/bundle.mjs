// node bundle.mjs OPTIMIZED.wasm DIST: the engine beside the entries that load it.

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { split } from './split.mjs';

const [optimized, dist] = process.argv.slice(2);
const source = (name) => fileURLToPath(new URL(`js/${name}`, import.meta.url));

const { engine, words } = split(readFileSync(optimized));
writeFileSync(join(dist, 'why502.wasm'), engine);
writeFileSync(join(dist, 'why502.words'), words);
const base64 = (bytes) => `'${Buffer.from(bytes).toString('base64')}'`;
writeFileSync(
  join(dist, 'inlined.js'),
  `export const engine = ${base64(engine)};\nexport const words = ${base64(words)};\n`,
);

const shared = {
  bundle: true,
  minify: true,
  keepNames: false,
  target: 'es2022',
  external: ['./inlined.js'],
  logLevel: 'warning',
};
const entry = (name, format, out, platform) =>
  build({ ...shared, entryPoints: [source(name)], format, platform, outfile: join(dist, out) });

await Promise.all([
  entry('web.js', 'esm', 'web.js', 'browser'),
  entry('inline.js', 'esm', 'inline.js', 'neutral'),
  entry('node.js', 'cjs', 'node.cjs', 'node'),
]);
// One instance for both: errors thrown by one are the other's too.
const names = Object.keys(createRequire(import.meta.url)(resolve(dist, 'node.cjs'))).join(', ');
writeFileSync(
  join(dist, 'node.mjs'),
  `import why502 from './node.cjs';\nexport const { ${names} } = why502;\n`,
);
