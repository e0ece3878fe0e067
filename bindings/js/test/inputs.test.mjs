// What diagnose takes, and what it does with what it cannot take.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import vm from 'node:vm';
import * as inline from 'why502/inline';
import { Why502Error, diagnose, diagnoseAll, explain, list, toHtml, toMarkdown } from 'why502';

const REFUSED =
  '2026/09/14 08:27:39 [error] 417#417: *3256 connect() failed (111: Connection refused) while ' +
  'connecting to upstream, client: 203.0.113.24, server: shop.example, request: "GET /cart/81 ' +
  'HTTP/1.1", upstream: "http://192.0.2.10:8080/cart/81", host: "shop.example"\n';
const HEALTHY =
  '203.0.113.24 - - [14/Sep/2026:08:27:39 +0000] "GET /health HTTP/1.1" 200 157 "-" "app/7.1"\n';

const code = (code) => (error) => error instanceof Why502Error && error.code === code;

test('import and require give the same', () => {
  const required = createRequire(import.meta.url)('why502');
  assert.equal(required.diagnose, diagnose);
  assert.equal(required.Why502Error, Why502Error);
});

test('text and bytes are read alike, and the inlined engine answers alike', () => {
  const bytes = new TextEncoder().encode(`??${REFUSED}`);
  const expected = diagnose(REFUSED, { name: 'error.log' });
  assert.equal(expected.fault, 'connect-refused');
  assert.equal(expected.evidence[0].file, 'error.log');
  for (const input of [bytes.subarray(2), bytes.slice(2).buffer, new DataView(bytes.buffer, 2)]) {
    assert.deepEqual(diagnose(input, { name: 'error.log' }), expected);
  }
  assert.deepEqual(inline.diagnose(REFUSED, { name: 'error.log' }), expected);
  assert.equal(diagnose(HEALTHY).fault, 'none');
});

test('facts are named as in the answer', () => {
  const { fault, upstream } = diagnose({
    status: 504,
    upstream: { address: '10.0.0.3:8080' },
    signs: [{ sign: 'timed-out', phase: 'response-headers' }],
  });
  assert.deepEqual([fault, upstream.address], ['response-timeout', '10.0.0.3:8080']);
  assert.throws(() => diagnose({ status: '502' }), /status: expected/);
  assert.throws(() => diagnose({ colour: 1 }), code('bad-input'));
});

describe('a response', () => {
  const response = (body = 'no healthy upstream') =>
    new Response(body, { status: 503, headers: { server: 'envoy', via: '1.1 a' } });

  test('is read by its status and headers, and stays unread', async () => {
    const given = response();
    assert.equal(diagnose(given).status, 503);
    assert.equal(given.bodyUsed, false);
    assert.equal(await given.text(), 'no healthy upstream');
  });

  test('is read with a copy of its body where that is asked for', async () => {
    const given = response();
    const answer = diagnose(given, { body: true });
    assert.ok(answer instanceof Promise);
    assert.equal(await given.text(), 'no healthy upstream');
    assert.equal((await answer).fault, 'no-healthy-upstream');
  });

  test('whose body is large or never ends is read at its beginning', async () => {
    let cancelled = false;
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('x'.repeat(8192))),
      cancel: () => void (cancelled = true),
    });
    const given = response(endless);
    assert.equal((await diagnose(given, { body: true })).status, 503);
    await given.body.cancel();
    assert.ok(cancelled);
  });

  test('whose body was read, or that has none, is read without it', async () => {
    const given = response();
    await given.text();
    assert.equal(diagnose(given, { body: true }).status, 503);
    assert.equal(diagnose(new Response(null, { status: 204 }), { body: true }).fault, 'none');
    assert.equal(diagnose(Response.error()).status, undefined);
  });

  test('that went well is no failure', () => {
    for (const status of [200, 301, 404]) {
      assert.equal(diagnose(new Response(null, { status })).fault, 'none', `${status}`);
    }
  });

  test('is timed by the record of the browser', () => {
    const timing = { startTime: 10, responseStart: 60_010, responseEnd: 60_011 };
    const { timings_ms } = diagnose(response(), { timing });
    assert.deepEqual(timings_ms, { first_byte: 60_000, total: 60_001 });
    const hidden = { startTime: 10, responseStart: 0, responseEnd: 0 };
    assert.equal(diagnose(response(), { timing: hidden }).timings_ms, undefined);
  });
});

test('an error of fetch is read with its causes', async () => {
  const error = await fetch('http://127.0.0.1:1/').catch((error) => error);
  // Node refuses some ports by itself; a refused one is told by the cause.
  const refused = new TypeError('fetch failed', {
    cause: Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:3000'), {
      code: 'ECONNREFUSED',
      syscall: 'connect',
      address: '127.0.0.1',
      port: 3000,
    }),
  });
  assert.ok(error instanceof TypeError);
  assert.equal(diagnose(refused).fault, 'connect-refused');
  assert.equal(diagnose(refused).upstream.address, '127.0.0.1:3000');
  const many = new AggregateError([refused.cause], 'all failed');
  assert.equal(diagnose(many).fault, 'connect-refused');
  assert.notEqual(diagnose(new DOMException('The user aborted', 'AbortError')).fault, 'none');
  const foreign = vm.runInNewContext('new TypeError("Failed to fetch")');
  assert.equal(typeof diagnose(foreign).fault, 'string');
});

test('reports are read, one or many', () => {
  const report = {
    type: 'network-error',
    url: 'https://shop.example/',
    body: { phase: 'connection', type: 'tcp.refused', status_code: 0, elapsed_time: 3 },
  };
  assert.equal(diagnose(report).fault, 'connect-refused');
  assert.equal(diagnose([report]).fault, 'connect-refused');
  assert.deepEqual(diagnoseAll([report, REFUSED, HEALTHY]).map((one) => one.fault), [
    'connect-refused',
    'connect-refused',
    'none',
  ]);
});

test('an archive is read as text, and as the object that it is', () => {
  const entry = (status) => ({
    startedDateTime: '2026-11-22T12:03:04.123Z',
    time: 12,
    request: { method: 'GET', url: 'https://shop.example/cart' },
    response: { status, headers: [], content: {} },
    timings: { send: 0, wait: 12, receive: 0 },
  });
  const archive = { log: { version: '1.2', entries: [entry(200), entry(502), entry(404)] } };
  const found = diagnoseAll(archive);
  assert.deepEqual(found.map((one) => one.status), [502]);
  assert.deepEqual(diagnoseAll(JSON.stringify(archive)), found);
});

test('of a log, what did not end well is told', () => {
  const found = diagnoseAll(REFUSED + HEALTHY, { name: 'both.log' });
  assert.deepEqual(found.map((one) => [one.fault, one.evidence[0].line]), [['connect-refused', 1]]);
  assert.deepEqual(diagnoseAll(''), []);
});

test('the catalogue is told in full', () => {
  const { faults, causes, dialects } = list();
  for (const { id } of faults) assert.equal(explain(id, 'fault').id, id);
  for (const { id } of causes) assert.ok(explain(id, 'cause').checks.length > 0, id);
  assert.ok(dialects.some(({ name }) => name === 'nginx'));
  assert.equal(explain('unknown').kind, 'fault');
  assert.throws(() => explain('keepalive'), /"keepalive-mismatch"/);
  assert.throws(() => explain('keepalive'), code('unknown-id'));
});

test('reports of a diagnosis escape what strangers wrote', () => {
  const diagnosis = diagnose(HEALTHY.replace('/health', '/<img/src=x>`**').replace('200', '502'));
  assert.ok(!toHtml(diagnosis).includes('<img'));
  assert.ok(toHtml(diagnosis).includes('&lt;img'));
  assert.ok(toMarkdown(diagnosis).includes(diagnosis.fault));
  // One that came from elsewhere is trusted no more.
  const forged = { ...diagnosis, prevention: ['<script>'], at: '<script>' };
  assert.ok(!toHtml(forged).includes('<script>'));
  for (const wrong of [undefined, null, {}, 7, { ...diagnosis, fault: 'tea' }]) {
    assert.throws(() => toHtml(wrong), code('bad-input'));
  }
});

describe('hostile input', () => {
  test('that is nothing is an error', () => {
    for (const nothing of ['', ' \n', new Uint8Array(0)]) {
      assert.throws(() => diagnose(nothing), code('empty'));
    }
    for (const wrong of [undefined, null, 7, true, Symbol('x'), () => {}, 7n]) {
      assert.throws(() => diagnose(wrong), code('bad-input'));
      assert.throws(() => diagnoseAll(wrong), code('bad-input'));
    }
  });

  test('of odd letters is text like any other', () => {
    for (const text of ['\ud800', `\0${REFUSED}`, `${REFUSED}\udfff`, '\u{feff}x', '\0'.repeat(99)]) {
      assert.equal(typeof diagnose(text).fault, 'string');
    }
  });

  test('of one line of ten megabytes is cut', () => {
    assert.equal(typeof diagnose('x'.repeat(10 << 20)).fault, 'string');
    assert.equal(typeof diagnose(REFUSED.trim() + 'y'.repeat(10 << 20)).fault, 'string');
    assert.deepEqual(diagnoseAll('z'.repeat(10 << 20)), []);
  });

  test('of objects that fight back is an error, and nothing else', () => {
    const throwing = { get status() { throw new RangeError('no'); } };
    const cyclic = { status: 502 };
    cyclic.request = cyclic;
    const trap = new Proxy({}, { get() { throw new Error('trap'); } });
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const huge = { status: 502, body: { toJSON() { throw 1; } } };
    for (const wrong of [throwing, cyclic, trap, revoked.proxy, huge, { toJSON: () => undefined }]) {
      assert.throws(() => diagnose(wrong), code('bad-input'));
      assert.throws(() => diagnoseAll(wrong), code('bad-input'));
      assert.throws(() => toHtml(wrong), code('bad-input'));
    }
  });

  test('of causes in a circle ends', () => {
    const [one, other] = [new Error('one'), new Error('other')];
    one.cause = other;
    other.cause = one;
    one.errors = Array(1000).fill(one);
    assert.equal(typeof diagnose(one).fault, 'string');
    const getter = Object.defineProperty(new Error('x'), 'cause', { get() { throw 1; } });
    assert.throws(() => diagnose(getter), code('bad-input'));
  });

  test('that is frozen is read', () => {
    const facts = Object.freeze({ status: 502, headers: Object.freeze({ server: 'nginx' }) });
    assert.equal(diagnose(facts).status, 502);
    assert.equal(typeof diagnose(Object.freeze(new Error('socket hang up'))).fault, 'string');
  });

  test('leaves the engine as it was', () => {
    const before = diagnose(REFUSED);
    for (const wrong of ['', null, { tea: 1 }]) assert.throws(() => diagnose(wrong, { name: 'x' }));
    assert.deepEqual(diagnose(REFUSED), before);
  });
});
