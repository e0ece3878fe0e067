// What a user may do with the package, told as JSON. Of one that loads later all are promises.

export const LINE =
  '2026/09/14 08:27:39 [error] 417#417: *3256 connect() failed (111: Connection refused) while ' +
  'connecting to upstream, client: 203.0.113.24, server: shop.example, request: "GET /cart/81 ' +
  'HTTP/1.1", upstream: "http://192.0.2.10:8080/cart/81", host: "shop.example"\n';

async function all({ createReader, diagnose, explain }) {
  const reader = await createReader({ name: 'error.log' });
  const faults = [];
  const found = new Blob([LINE]).stream().pipeThrough(reader).getReader();
  for (let next; !(next = await found.read()).done; ) faults.push(next.value.fault);
  const thrown = await fetch('http://127.0.0.1:1/').catch((error) => error);
  return {
    text: (await diagnose(LINE)).fault,
    thrown: typeof (await diagnose(thrown)).fault,
    response: (await diagnose(await fetch('/missing'))).status,
    title: (await explain('keepalive-mismatch')).title,
    faults,
    failed: (await reader.summary).exchanges.failed,
  };
}

export const use = (why502) => all(why502).catch((error) => ({ error: String(error.stack) }));
