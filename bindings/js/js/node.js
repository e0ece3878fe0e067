// For Node: the engine is read from its file.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { api, Why502Error } from './api.js';
import { Engine } from './engine.js';

const file = (name) => readFileSync(join(__dirname, name));
const engine = new Engine(new WebAssembly.Module(file('why502.wasm')), file('why502.words'));

export { Why502Error };
export const { diagnose, diagnoseAll, explain, list, createReader, toMarkdown, toHtml } =
  api(engine);
