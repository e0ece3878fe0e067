// The same answers as the native program, byte for byte, for every case of the repository.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { diagnose, diagnoseAll, explain, toHtml, toMarkdown } from 'why502';
import { bytesOf, cases, root } from './cases.mjs';

const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');
const program = join(target, 'debug', 'why502');
let folder;

before(() => {
  execFileSync('cargo', ['build', '--quiet', '-p', 'why502-cli'], { cwd: root, stdio: 'inherit' });
  folder = mkdtempSync(join(tmpdir(), 'why502-'));
});
after(() => rmSync(folder, { recursive: true }));

// What the program prints; nothing where it takes a file for no text, which a string always is.
function native(...given) {
  const run = spawnSync(program, given, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (run.error) throw run.error;
  return /looks binary|is UTF-16/.test(run.stderr) ? undefined : run.stdout;
}

test('of one exchange', () => {
  const all = cases();
  assert.ok(all.length > 300, `${all.length} cases`);
  let refused = 0;
  all.forEach((one, at) => {
    const file = join(folder, `${at}.log`);
    const input = bytesOf(one);
    writeFileSync(file, input);
    const answer = diagnose(input, { name: file });
    const expected = native('--single', '--format', 'json', file);
    if (expected === undefined) return void (refused += 1);
    assert.equal(`${JSON.stringify(answer, null, 2)}\n`, expected, one.name);
    if (at % 16 === 0) {
      const report = (format) => native('--single', '--format', format, file);
      assert.equal(`${toMarkdown(answer)}\n`, report('markdown'), one.name);
      assert.equal(`${toHtml(answer)}\n`, report('html'), one.name);
    }
  });
  assert.ok(refused < 5, `${refused} cases are no text`);
});

test('of logs', () => {
  cases().forEach((one, at) => {
    if (at % 4) return;
    const file = join(folder, `each-${at}.log`);
    const input = bytesOf(one);
    writeFileSync(file, input);
    const lines = diagnoseAll(input, { name: file }).map((answer) => `${JSON.stringify(answer)}\n`);
    const expected = native('--each', '--format', 'ndjson', file);
    if (expected !== undefined) assert.equal(lines.join(''), expected, one.name);
  });
});

test('of the catalogue', () => {
  const { title, meaning } = explain('keepalive-mismatch');
  const page = native('explain', 'keepalive-mismatch', '--format', 'markdown');
  assert.ok(page.startsWith(`# ${title}\n`));
  assert.ok(page.includes(meaning));
});
