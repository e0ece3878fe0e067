// What a caller brings, as a call of the engine: text as it is, anything else as JSON.

import { Why502Error } from './error.js';

// How much of a response's body is looked at.
const MOST_BODY = 64 * 1024;
// How many errors of a chain are told.
const MOST_ERRORS = 16;

// Text that people paste, or records of a log or a report.
const text = (bytes) => ({ call: 'diagnose', bytes });
// Facts, as core/schema/evidence.schema.json describes them.
const facts = (object) => ({ call: 'facts', bytes: JSON.stringify(object) ?? '' });

// What to ask the engine about an input; a promise of it where a body is to be read first.
export function question(input, options) {
  return guarded(() => {
    const bytes = bytesOf(input);
    if (bytes !== undefined) return text(bytes);
    if (isA('Response', input)) return ofResponse(input, options);
    if (isA('Error', input) || isA('DOMException', input)) return facts({ error: ofError(input) });
    if (typeof input !== 'object' || input === null) {
      throw new Why502Error('bad-input', `expected evidence, found ${describe(input)}`);
    }
    return isReport(input) ? text(JSON.stringify(input) ?? '') : facts(input);
  });
}

// What a caller's object throws while it is looked at says that it is no input.
export function guarded(look) {
  try {
    return look();
  } catch (cause) {
    if (cause instanceof Why502Error) throw cause;
    throw new Why502Error('bad-input', 'the input cannot be read', { cause });
  }
}

const encoder = new TextEncoder();

export function bytesOf(input) {
  if (typeof input === 'string') return encoder.encode(input);
  if (ArrayBuffer.isView(input)) {
    return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  }
  return isA('ArrayBuffer', input) || isA('SharedArrayBuffer', input)
    ? new Uint8Array(input)
    : undefined;
}

export function describe(input) {
  return input === null ? 'null' : Array.isArray(input) ? 'an array' : `a ${typeof input}`;
}

// Of this realm or another one: a frame, a test's sandbox.
function isA(name, input) {
  return (
    Object.prototype.toString.call(input) === `[object ${name}]` ||
    (globalThis[name] !== undefined && input instanceof globalThis[name])
  );
}

// Reports of the Reporting API, a list of them, or an archive of exchanges.
function isReport(input) {
  const one = Array.isArray(input) ? input[0] : input;
  return Array.isArray(input) || typeof one.type === 'string' || typeof one.log === 'object';
}

function ofResponse(response, { body = false, timing, request } = {}) {
  const url = URL.canParse?.(response.url) ? new URL(response.url) : undefined;
  const known = {
    // An opaque response tells no status.
    status: response.status || undefined,
    headers: Object.fromEntries(response.headers),
    request: url && { authority: url.host, path: url.pathname + url.search, ...request },
    timings_ms: ofTiming(timing ?? timingOf(response.url)),
  };
  if (!body || response.bodyUsed || !response.body) return facts(known);
  return beginning(response.clone()).then((body) => facts({ ...known, body }));
}

// The entry that the browser keeps of the exchange; none elsewhere, or without leave to see it.
function timingOf(url) {
  return url && globalThis.performance?.getEntriesByName?.(url, 'resource').at(-1);
}

// As in an archive, only the whole is the gateway's: the browser's connection is another than that
// to the upstream.
function ofTiming({ startTime, responseStart, responseEnd } = {}) {
  if (!(responseStart > 0)) return undefined;
  const since = (moment) => Math.max(0, moment - startTime);
  return {
    first_byte: since(responseStart),
    total: responseEnd > 0 ? since(responseEnd) : undefined,
  };
}

async function beginning(copy) {
  const reader = copy.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (text.length < MOST_BODY) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  // The caller's own copy is not held up by this one.
  reader.cancel().catch(() => {});
  return text.slice(0, MOST_BODY);
}

const TEXTS = ['name', 'message', 'code', 'errno', 'syscall', 'address', 'port', 'hostname'];

// An error with what it follows from, as deep and as wide as the engine looks.
function ofError(error, room = { left: MOST_ERRORS }) {
  room.left -= 1;
  if (typeof error !== 'object' || error === null) return String(error);
  const told = {};
  for (const name of TEXTS) {
    const value = error[name];
    if (typeof value === 'string' || Number.isSafeInteger(value)) told[name] = value;
  }
  const { cause, errors } = error;
  if (cause !== undefined && cause !== null && room.left > 0) told.cause = ofError(cause, room);
  if (Array.isArray(errors)) {
    told.errors = [];
    for (let at = 0; at < errors.length && room.left > 0; at++) {
      told.errors.push(ofError(errors[at], room));
    }
  }
  return told;
}
