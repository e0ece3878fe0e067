// node bundle.mjs OPTIMIZED.wasm DIST: the engine beside the entries that load it.

import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const [engine, dist] = process.argv.slice(2);
const source = (name) => fileURLToPath(new URL(`js/${name}`, import.meta.url));

copyFileSync(engine, join(dist, 'why502.wasm'));
writeFileSync(
  join(dist, 'inlined.js'),
  `export const engine = '${readFileSync(engine).toString('base64')}';\n`,
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
