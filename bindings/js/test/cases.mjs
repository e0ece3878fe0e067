// The repository's cases: evidence of one exchange each.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'smol-toml';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

export function cases() {
  const all = join(root, 'core/tests/cases');
  const files = readdirSync(all, { recursive: true }).filter((name) => name.endsWith('.toml'));
  return files.sort().flatMap((file) => parse(readFileSync(join(all, file), 'utf8')).case);
}

// `\xHH` stands for a byte in what is no UTF-8.
export function bytesOf({ text = '', bytes }) {
  if (bytes === undefined) return Buffer.from(text);
  const parts = bytes.split(/\\x([0-9a-f]{2})/i);
  return Buffer.concat(
    parts.map((part, at) => (at % 2 ? Buffer.from([Number.parseInt(part, 16)]) : Buffer.from(part))),
  );
}
