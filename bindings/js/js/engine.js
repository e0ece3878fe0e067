// One instance of the engine: bytes go in, text comes out.

import { Why502Error } from './error.js';
import { instance } from './glue.js';
import { bytesOf } from './input.js';

export class Engine {
  #module;
  #words;
  #calls;

  // Of a module, and of the words of the catalogue: its pieces of memory, as split.mjs wrote them.
  constructor(module, words) {
    this.#module = module;
    this.#words = words;
    this.#start();
  }

  // A memory of its own: what a trap left behind is thrown away with it.
  #start() {
    this.#calls = instance(this.#module);
    const memory = new Uint8Array(this.#calls.memory.buffer);
    const pieces = new DataView(this.#words.buffer, this.#words.byteOffset, this.#words.byteLength);
    for (let at = 0; at < pieces.byteLength; ) {
      const length = pieces.getUint32(at + 4, true);
      memory.set(this.#words.subarray(at + 8, at + 8 + length), pieces.getUint32(at, true));
      at += 8 + length;
    }
  }

  // Another engine, with a memory of its own, which reads one log: its calls are a reader's.
  reader(...settings) {
    const engine = new Engine(this.#module, this.#words);
    engine.#calls = engine.#guarded((calls) => new calls.LogReader(...settings.map(plain)));
    return engine;
  }

  // Calls by name, with bytes or text, and with numbers; answers with text.
  call(name, ...input) {
    return this.#guarded((calls) => calls[name](...input.map(plain)));
  }

  #guarded(call) {
    let answer;
    try {
      answer = call(this.#calls);
    } catch (cause) {
      this.#start();
      throw new Why502Error('internal', `why502 failed at this input: ${cause}`, { cause });
    }
    if (answer instanceof Why502Error) throw answer;
    return answer;
  }
}

// As the engine takes it: text as bytes.
function plain(input) {
  return typeof input === 'string' ? bytesOf(input) : input;
}
