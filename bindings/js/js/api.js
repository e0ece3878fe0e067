// What the package offers, over an engine that is ready.

import { guarded, question } from './input.js';
import { createReader, readAll } from './reader.js';
import { watchFetch } from './watch.js';

export function api(engine) {
  const diagnose = (input, options) => {
    const asked = question(input, options);
    return asked instanceof Promise
      ? asked.then((asked) => answer(engine, asked, options))
      : answer(engine, asked, options);
  };
  const render = (form) => (diagnosis) =>
    engine.call(form, guarded(() => JSON.stringify(diagnosis) ?? ''));
  return {
    diagnose,
    diagnoseAll: (input, options) =>
      guarded(() => Array.isArray(input))
        ? input.map((one) => diagnose(one, options))
        : readAll(engine, input, options),
    explain(id, kind) {
      const pages = engine.call('explain', String(id)).split('\n').map((line) => JSON.parse(line));
      return pages.find((page) => page.kind === kind) ?? pages[0];
    },
    list: () => JSON.parse(engine.call('list')),
    createReader: (options) => createReader(engine, options),
    watchFetch: (fetch, tell, options) => watchFetch(diagnose, fetch, tell, options),
    toMarkdown: render('markdown'),
    toHtml: render('html'),
  };
}

export function answer(engine, { call, bytes }, { name = '' } = {}) {
  return JSON.parse(engine.call(call, bytes, new Date().getFullYear(), String(name)));
}
