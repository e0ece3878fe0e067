// For runtimes without files: the engine is in the module itself.

import { api, Why502Error } from './api.js';
import { Engine } from './engine.js';
import { engine } from './inlined.js';

const bytes = Uint8Array.from(atob(engine), (letter) => letter.charCodeAt(0));

export { Why502Error };
export const { diagnose, diagnoseAll, explain, list, createReader } = api(
  new Engine(new WebAssembly.Module(bytes)),
);
