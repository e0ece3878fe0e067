// Readers of logs, a fetch that is watched, and what is left after a trap.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import * as why502 from 'why502';
import { createReader, diagnose, diagnoseAll, watchFetch } from 'why502';
import { Engine } from '../js/engine.js';
import { Why502Error } from '../js/error.js';

const record = (at) =>
  `2026/09/14 08:${String(Math.floor(at / 60) % 60).padStart(2, 0)}:${String(at % 60).padStart(2, 0)}` +
  ` [error] 417#417: *${at} connect() failed (111: Connection refused) while connecting to ` +
  `upstream, client: 203.0.113.24, server: shop.example, request: "GET /cart/${at} HTTP/1.1", ` +
  `upstream: "http://192.0.2.10:8080/cart/${at}", host: "shop.example"\n`;

const LOG = Array.from({ length: 500 }, (_, at) => record(at)).join('');

// A stream of the bytes in chunks of this size.
const chunks = (bytes, size) =>
  new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) {
        controller.enqueue(bytes.subarray(at, at + size));
      }
      controller.close();
    },
  });

describe('a reader', () => {
  test('answers alike however the bytes come', async () => {
    const expected = diagnoseAll(LOG);
    assert.equal(expected.length, 500);
    const bytes = new TextEncoder().encode(LOG);
    for (const size of [7, 1000, 65_537, bytes.length]) {
      const reader = createReader();
      const found = await Array.fromAsync?.(chunks(bytes, size).pipeThrough(reader)) ??
        (await collect(chunks(bytes, size).pipeThrough(reader)));
      assert.deepEqual(found, expected, `${size}`);
      const { read, exchanges } = await reader.summary;
      assert.deepEqual([read.lines, read.bytes, exchanges.failed], [500, bytes.length, 500]);
    }
  });

  test('leaves advice out where it is not wanted', async () => {
    const [full] = diagnoseAll(record(1));
    const [brief] = await collect(
      chunks(new TextEncoder().encode(record(1)), 1000).pipeThrough(createReader({ advice: false })),
    );
    const { checks, remedies, prevention, ...rest } = full;
    assert.ok(checks.length > 0 && remedies.length > 0 && prevention.length > 0);
    assert.deepEqual(brief, rest);
  });

  test('gives diagnoses before the log ends', async () => {
    const reader = createReader({ live: true });
    const [writer, found] = [reader.writable.getWriter(), reader.readable.getReader()];
    for (let at = 0; at < 10; at++) writer.write(record(at));
    assert.equal((await found.read()).value.fault, 'connect-refused');
    writer.close();
    for (let done; !done; ) ({ done } = await found.read());
    assert.equal((await reader.summary).exchanges.failed, 10);
  });

  test('that is given no log fails, and so does its summary', async () => {
    const reader = createReader();
    const writer = reader.writable.getWriter();
    reader.readable.getReader().read().catch(() => {});
    await assert.rejects(writer.write(7), why502.Why502Error);
    await assert.rejects(reader.summary, why502.Why502Error);
  });

  test('stays small', { timeout: 60_000 }, async () => {
    const well = '203.0.113.24 - - [14/Sep/2026:08:27:39 +0000] "GET / HTTP/1.1" 200 1 "-" "app"\n';
    const bytes = new TextEncoder().encode(well.repeat(10_000) + record(1));
    const reader = createReader();
    const many = new ReadableStream({
      count: 0,
      pull(controller) {
        if (this.count++ === 100) controller.close();
        else controller.enqueue(bytes);
      },
    });
    const before = process.memoryUsage().rss;
    let [count, peak] = [0, 0];
    for await (const _ of many.pipeThrough(reader)) {
      peak = Math.max(peak, process.memoryUsage().rss);
      count += 1;
    }
    const { read, exchanges } = await reader.summary;
    assert.deepEqual([read.bytes, exchanges.failed], [100 * bytes.length, count]);
    assert.ok(peak - before < 64 << 20, `${(peak - before) >> 20} MiB`);
  });
});

async function collect(stream) {
  const all = [];
  for await (const one of stream) all.push(one);
  return all;
}

describe('a fetch that is watched', { timeout: 10_000 }, () => {
  let server, base, seen;

  const start = async () => {
    server = createServer((request, response) => {
      if (request.url === '/hang') return;
      const status = Number(request.url.slice(1));
      response.writeHead(status, { server: 'nginx' }).end(`body of ${status}`);
    });
    server.unref();
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${server.address().port}`;
    seen = [];
  };
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };

  test('is the one that was given, and tells of failures', async () => {
    await start();
    const unhandled = [];
    const note = (error) => unhandled.push(error);
    process.on('unhandledRejection', note);
    const watched = watchFetch(fetch, (diagnosis, of) => {
      seen.push([diagnosis.status, of.constructor.name]);
      throw new Error('of whoever watches');
    });
    for (const status of [200, 404, 502]) {
      const response = await watched(`${base}/${status}`);
      assert.equal(response.status, status);
      assert.equal(await response.text(), `body of ${status}`);
    }
    const gone = new AbortController();
    const hanging = watched(`${base}/hang`, { signal: gone.signal });
    setTimeout(() => gone.abort(), 20);
    await assert.rejects(hanging, { name: 'AbortError' });
    stop();
    const error = await watched(`${base}/200`).catch((error) => error);
    assert.ok(error.cause instanceof Error);
    await sleep(20);
    process.off('unhandledRejection', note);
    assert.deepEqual(unhandled, []);
    assert.deepEqual(seen, [[502, 'Response'], [undefined, 'TypeError']]);
  });

  test('reads bodies where that is asked for, and leaves them to the caller', async () => {
    await start();
    const told = Promise.withResolvers?.() ?? withResolvers();
    const watched = watchFetch(fetch, (diagnosis) => told.resolve(diagnosis), { body: true });
    const response = await watched(`${base}/502`, { method: 'POST' });
    assert.equal(await response.text(), 'body of 502');
    const { request, status } = await told.promise;
    assert.deepEqual([request.method, status], ['POST', 502]);
    stop();
  });

  test('gives what is no promise, and what is thrown at once, as it comes', () => {
    assert.equal(watchFetch(() => 7, () => {})(), 7);
    const throws = () => {
      throw new RangeError('x');
    };
    assert.throws(() => watchFetch(throws, () => {})(), RangeError);
  });
});

function withResolvers() {
  let resolve;
  const promise = new Promise((done) => (resolve = done));
  return { promise, resolve };
}

test('after a trap the next call is answered', () => {
  const engine = wordless();
  const ask = (bytes) => engine.call('diagnose', bytes, 2026, '');
  const answer = ask(record(1));
  // There is no memory for so much: the module traps, as where it fails otherwise.
  assert.throws(() => ask({ length: 2 ** 31 }), (error) => {
    assert.ok(error instanceof Why502Error);
    assert.ok(error.cause instanceof WebAssembly.RuntimeError);
    return error.code === 'internal';
  });
  assert.equal(ask(record(1)), answer);
  assert.equal(JSON.parse(answer).fault, 'connect-refused');
});

test('a reader that trapped leaves the others as they are', () => {
  const engine = wordless();
  const [one, other] = [1, 2].map(() => engine.reader(2026, false, true, ''));
  for (const reader of [one, other]) reader.call('read', record(1), false);
  assert.throws(() => one.call('read', { length: 2 ** 31 }, false), { code: 'internal' });
  assert.throws(() => one.call('read', record(2), false), { code: 'internal' });
  assert.match(other.call('read', '', true), /connect-refused/);
  assert.match(engine.call('explain', 'connect-refused'), /"kind":"fault"/);
});

function wordless() {
  const file = readFileSync(new URL('../dist/why502.wasm', import.meta.url));
  return new Engine(new WebAssembly.Module(file), new Uint8Array(0));
}
