// For Node: the engine is read from its file.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { api, Why502Error } from './api.js';
import { Engine } from './engine.js';

const module = new WebAssembly.Module(readFileSync(join(__dirname, 'why502.wasm')));

export { Why502Error };
export const { diagnose, diagnoseAll, explain, list, createReader } = api(new Engine(module));
