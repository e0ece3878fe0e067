// Logs, chunk by chunk: each reader has an engine of its own, which ends with it.

import { Why502Error } from './error.js';
import { bytesOf, describe, guarded } from './input.js';

// Small enough that the diagnoses of a chunk of failures alone stay a few megabytes.
const PIECE = 64 * 1024;

function open(engine, { name = '', live = false, advice = true } = {}) {
  return engine.reader(new Date().getFullYear(), !!live, !!advice, String(name));
}

// The diagnoses that are complete with these bytes.
function* read(reader, bytes) {
  for (let at = 0; at < bytes.length; at += PIECE) {
    yield* lines(reader.call('read', bytes.subarray(at, at + PIECE), false));
  }
}

// Those of what waited, where nothing follows.
function rest(reader) {
  return lines(reader.call('read', '', true));
}

function* lines(text) {
  let begin = 0;
  for (let end; (end = text.indexOf('\n', begin)) >= 0; begin = end + 1) {
    yield JSON.parse(text.slice(begin, end));
  }
}

function chunk(input) {
  const bytes = bytesOf(input);
  if (bytes) return bytes;
  throw new Why502Error('bad-input', `expected a log as text or bytes, found ${describe(input)}`);
}

// An archive may be given as the object that it is.
function whole(input) {
  return guarded(() => chunk(input?.log?.entries ? JSON.stringify(input) : input));
}

export function readAll(engine, input, options) {
  const reader = open(engine, options);
  return [...read(reader, whole(input)), ...rest(reader)];
}

// A TransformStream from bytes or text to diagnoses, with a promise of the summary.
export function createReader(engine, options) {
  const reader = open(engine, options);
  let tell, fail;
  const summary = new Promise((resolve, reject) => ([tell, fail] = [resolve, reject]));
  summary.catch(() => {});
  const guarded = (step) => (input, controller) => {
    try {
      step(input, controller);
    } catch (error) {
      fail(error);
      throw error;
    }
  };
  const stream = new TransformStream({
    transform: guarded((input, controller) => {
      for (const diagnosis of read(reader, chunk(input))) controller.enqueue(diagnosis);
    }),
    flush: (controller) =>
      guarded(() => {
        for (const diagnosis of rest(reader)) controller.enqueue(diagnosis);
        tell(JSON.parse(reader.call('summary')));
      })(),
    cancel: fail,
  });
  return Object.assign(stream, { summary });
}
