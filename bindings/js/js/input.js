// What a caller brings, as evidence that the engine reads.

import { Why502Error } from './error.js';

const TEXT = 0;

// The parts of the evidence about one exchange; a promise of them where a body is to be read.
export function evidenceOf(input, { name } = {}) {
  if (typeof input === 'string') return [{ kind: TEXT, bytes: input, name }];
  const bytes = bytesOf(input);
  if (bytes) return [{ kind: TEXT, bytes, name }];
  throw new Why502Error('bad-input', `expected text or bytes, found ${describe(input)}`);
}

export function bytesOf(input) {
  if (input instanceof Uint8Array) return input;
  if (ArrayBuffer.isView(input)) {
    return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  }
  return input instanceof ArrayBuffer ? new Uint8Array(input) : undefined;
}

export function describe(input) {
  return input === null ? 'null' : Array.isArray(input) ? 'an array' : `a ${typeof input}`;
}
