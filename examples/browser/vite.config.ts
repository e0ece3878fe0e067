import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { offline } from './offline.ts';

// The npm package of this repository, by the entry that its exports name.
const inline = fileURLToPath(new URL('../../bindings/js/dist/inline.js', import.meta.url));

export default defineConfig({
  // A static folder under any path.
  base: './',
  resolve: { alias: { 'why502/inline': inline } },
  worker: { format: 'iife' },
  build: {
    target: 'es2022',
    // Everything is a file of this origin: the policy of the page allows nothing else.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  plugins: [offline()],
});
