import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { offline } from './offline.ts';

// The npm package of this repository, found as a bundler finds it in node_modules.
const why502 = fileURLToPath(new URL('../../bindings/js', import.meta.url));

export default defineConfig({
  // A static folder under any path.
  base: './',
  resolve: { alias: { why502 } },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    // Everything is a file of this origin: the policy of the page allows nothing else.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  plugins: [offline()],
});
