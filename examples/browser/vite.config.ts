import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { offline } from './offline.ts';

// The npm package of this repository, by the entry that its exports name for browsers.
const why502 = fileURLToPath(new URL('../../bindings/js/dist/web.js', import.meta.url));

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
