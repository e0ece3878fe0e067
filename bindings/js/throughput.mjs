// node throughput.mjs [MIB]: how quickly a log is read in Chromium, beside the native program.

import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, cpSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, said, serve } from './test/browser.mjs';

const size = Number(process.argv[2] ?? 64) << 20;
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'why502-'));

// An access log with upstream fields of which one line in a hundred is a failure.
function line(at) {
  const time = new Date(Date.UTC(2026, 8, 14) + at * 7).toISOString().slice(11, 19);
  const status = at % 100 === 99 ? 502 : 200;
  return (
    `203.0.113.${at % 250} - - [14/Sep/2026:${time} +0000] "GET /cart/${at % 977} HTTP/1.1" ` +
    `${status} ${157 + (at % 5000)} "https://shop.example/" "Mozilla/5.0 (X11; Linux x86_64)" ` +
    `rt=0.0${at % 90} uct="0.001" uht="0.0${at % 80}" urt="0.0${at % 85}" ` +
    `ua="192.0.2.10:8080" us="${status}"\n`
  );
}

const log = join(folder, 'access.log');
const file = openSync(log, 'w');
for (let [at, written] = [0, 0]; written < size; ) {
  const part = Array.from({ length: 10_000 }, () => line(at++)).join('');
  written += writeSync(file, part);
}
closeSync(file);
const mib = statSync(log).size / 2 ** 20;

execFileSync('cargo', ['build', '--quiet', '--release', '-p', 'why502-cli'], { cwd: root, stdio: 'inherit' });
const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');
const best = (times) => mib / (Math.min(...times) / 1000);
const native = best(
  Array.from({ length: 5 }, () => {
    const begun = performance.now();
    const { status } = spawnSync(join(target, 'release/why502'), ['--each', '--format', 'ndjson', log], { stdio: 'ignore' });
    if (status !== 1) throw new Error(`the program ended with ${status}`);
    return performance.now() - begun;
  }),
);

cpSync(new URL('dist', import.meta.url), join(folder, 'why502'), { recursive: true });
writeFileSync(join(folder, 'worker.js'), `
  import { createReader } from './why502/web.js';
  const file = await (await fetch('/access.log')).blob();
  const times = [];
  for (let round = 0; round < 5; round++) {
    const begun = performance.now();
    const reader = createReader();
    const found = file.stream().pipeThrough(reader).getReader();
    while (!(await found.read()).done);
    times.push(performance.now() - begun);
    var { exchanges } = await reader.summary;
  }
  postMessage({ times, failed: exchanges.failed });
`);
writeFileSync(join(folder, 'index.html'), `<!doctype html><script>
  const worker = new Worker('./worker.js', { type: 'module' });
  worker.onmessage = ({ data }) => (document.title = JSON.stringify(data));
</script>`);
const browser = await launch('chromium');
const site = await serve(folder);
try {
  const { times, failed } = await said(browser, site.url, 120_000);
  const inBrowser = best(times);
  console.log(`${mib.toFixed(0)} MiB, ${failed} failures`);
  console.log(`native:      ${native.toFixed(0)} MiB/s (--each --format ndjson)`);
  console.log(`in Chromium: ${inBrowser.toFixed(0)} MiB/s (createReader in a worker)`);
  console.log(`the share:   ${(inBrowser / native).toFixed(2)}`);
} finally {
  await browser.close();
  site.close();
  rmSync(folder, { recursive: true });
}
