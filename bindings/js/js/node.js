// For Node: both files are read while the module is loaded.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { api } from './api.js';
import { Engine } from './engine.js';

const file = (name) => readFileSync(join(__dirname, name));

export { Why502Error } from './error.js';
export const {
  diagnose,
  diagnoseAll,
  explain,
  list,
  createReader,
  watchFetch,
  toMarkdown,
  toHtml,
} = api(new Engine(new WebAssembly.Module(file('why502.wasm')), file('why502.words')));
