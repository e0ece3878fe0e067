// For browsers, workers and bundlers: the engine is fetched while the module is loaded.

import { api, Why502Error } from './api.js';
import { Engine } from './engine.js';

const response = await fetch(new URL('./why502.wasm', import.meta.url));
const module = await WebAssembly.compile(await response.arrayBuffer());

export { Why502Error };
export const { diagnose, diagnoseAll, explain, list, createReader } = api(new Engine(module));
