// The engine, from the texts that hold it.

import { Engine } from './engine.js';

export function unpack({ engine, words }) {
  return new Engine(new WebAssembly.Module(bytes(engine)), bytes(words));
}

function bytes(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
