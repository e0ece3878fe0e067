// One instance of the engine: bytes go in, text comes out.

import { Why502Error } from './error.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class Engine {
  #module;
  #words;
  #exports;

  // Of a module, and of the words of the catalogue: its pieces of memory, as split.mjs wrote them.
  constructor(module, words) {
    this.#module = module;
    this.#words = words;
    this.#start();
  }

  // A memory of its own: what a trap left behind is thrown away with it.
  #start() {
    this.#exports = new WebAssembly.Instance(this.#module, {}).exports;
    const memory = new Uint8Array(this.#exports.memory.buffer);
    const pieces = new DataView(this.#words.buffer, this.#words.byteOffset, this.#words.byteLength);
    for (let at = 0; at < pieces.byteLength; ) {
      const length = pieces.getUint32(at + 4, true);
      memory.set(this.#words.subarray(at + 8, at + 8 + length), pieces.getUint32(at, true));
      at += 8 + length;
    }
  }

  // Another engine, with a memory of its own.
  fresh() {
    return new Engine(this.#module, this.#words);
  }

  // Calls by name, with bytes or text as input; answers with the output's text.
  call(name, input, ...numbers) {
    let told, text;
    try {
      const { memory, output, output_len } = this.#exports;
      if (input !== undefined) {
        const bytes = typeof input === 'string' ? encoder.encode(input) : input;
        const at = this.#exports.input(bytes.length) >>> 0;
        new Uint8Array(memory.buffer, at, bytes.length).set(bytes);
      }
      told = this.#exports[name](...numbers);
      text = decoder.decode(new Uint8Array(memory.buffer, output() >>> 0, output_len()));
    } catch (cause) {
      this.#start();
      throw new Why502Error('internal', `why502 failed at this input: ${cause}`, { cause });
    }
    if (told) return text;
    const [code, message] = text.split('\n', 2);
    throw new Why502Error(code, message);
  }
}
