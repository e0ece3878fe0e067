// What the package offers, over one engine that is ready.

import { evidenceOf } from './input.js';
import { createReader, readAll } from './reader.js';

export { Why502Error } from './error.js';

export function api(engine) {
  const diagnose = (input, options = {}) => {
    const parts = evidenceOf(input, options);
    return parts instanceof Promise ? parts.then(decide) : decide(parts);
  };
  const decide = (parts) => {
    for (const { kind, bytes, name } of parts) {
      if (name) engine.call('name', name);
      engine.call('add', bytes, kind, new Date().getFullYear());
    }
    return JSON.parse(engine.call('diagnose'));
  };
  return {
    diagnose,
    diagnoseAll(input, options = {}) {
      return Array.isArray(input)
        ? input.map((item) => diagnose(item, options))
        : readAll(engine.fresh(), input, options);
    },
    explain(id, kind) {
      const pages = engine.call('explain', String(id)).split('\n').map((line) => JSON.parse(line));
      return pages.find((page) => page.kind === kind) ?? pages[0];
    },
    list: () => JSON.parse(engine.call('list')),
    toMarkdown: (diagnosis) => engine.call('markdown', json(diagnosis)),
    toHtml: (diagnosis) => engine.call('html', json(diagnosis)),
    createReader: (options) => createReader(engine.fresh(), options),
  };
}
