// Fetches the engine. Bundlers put the files beside what they build; where one does not, or what is
// served in their place is something else, the copies in a module of their own are taken.

import { Engine } from './engine.js';
import { unpack } from './unpack.js';

export async function load() {
  try {
    const [engine, words] = await Promise.all([
      bytes(new URL('./why502.wasm', import.meta.url)),
      bytes(new URL('./why502.words', import.meta.url)),
    ]);
    return new Engine(await WebAssembly.compile(engine), words);
  } catch {
    return unpack(await import('./inlined.js'));
  }
}

async function bytes(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
