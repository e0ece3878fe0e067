// node types/generate.mjs: the types of what goes in and out, from core/schema. The same names of
// several schemas are the same types, so that all are read as one.

import { readFileSync, writeFileSync } from 'node:fs';
import { compile } from 'json-schema-to-typescript';

const ROOTS = {
  Diagnosis: 'why502-1',
  Summary: 'why502-summary-1',
  Explanation: 'why502-explanation-1',
  Catalogue: 'why502-catalogue-1',
  Evidence: 'evidence',
};
// Names of definitions that say little when they stand alone.
const NAMES = {
  share: 'Share',
  time: 'Time',
  ranked: 'RankedCause',
  candidate: 'Candidate',
  quote: 'Quote',
  milliseconds: 'Milliseconds',
  bytes: 'ByteCount',
  error: 'ThrownError',
  sign: 'Proof',
  attempt: 'Attempt',
};

const named = (name) =>
  NAMES[name] ?? name.replace(/(?:^|_)(\w)/g, (_, letter) => letter.toUpperCase());

export async function types() {
  const definitions = {};
  for (const [root, file] of Object.entries(ROOTS)) {
    const path = new URL(`../../../core/schema/${file}.schema.json`, import.meta.url);
    const { $defs = {}, ...schema } = JSON.parse(readFileSync(path, 'utf8'));
    for (const [name, definition] of Object.entries($defs)) {
      const known = definitions[named(name)];
      const same = JSON.stringify(known) === JSON.stringify(renamed(definition));
      if (known && !same) throw new Error(`${file}: ${name} differs from that of another schema`);
      definitions[named(name)] = renamed(definition);
    }
    definitions[root] = renamed(schema);
  }
  const all = { title: 'Everything', type: 'object', properties: {}, $defs: definitions };
  for (const name of Object.keys(definitions)) {
    all.properties[name] = { $ref: `#/$defs/${name}` };
  }
  const text = await compile(all, 'Everything', {
    additionalProperties: false,
    bannerComment: '// Made by types/generate.mjs from core/schema: change it there.',
    ignoreMinAndMaxItems: true,
    style: { singleQuote: true, printWidth: 100 },
  });
  // Only what it holds is wanted of the whole.
  return text.replace(/export interface Everything \{[^]*?\n\}\n/, '');
}

// Without what names a type or says what no type can.
function renamed(schema) {
  if (Array.isArray(schema)) return schema.map(renamed);
  if (typeof schema !== 'object' || schema === null) return schema;
  // Words beside a reference would make a type of its own of it.
  if (schema.$ref) return { $ref: `#/$defs/${named(schema.$ref.split('/').at(-1))}` };
  const kept = Object.entries(schema).filter(
    ([key, value]) =>
      !(['$schema', '$id', 'if', 'then', 'else', 'minProperties'].includes(key) ||
        (key === 'title' && typeof value === 'string')),
  );
  return Object.fromEntries(kept.map(([key, value]) => [key, renamed(value)]));
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  writeFileSync(new URL('schema.d.ts', import.meta.url), await types());
}
