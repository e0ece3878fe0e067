// For pages that seldom need it: nothing is loaded before the first call.

import { answer, api } from './api.js';
import { question } from './input.js';
import { load } from './load.js';
import * as watch from './watch.js';

export { Why502Error } from './error.js';

let loading;

function engine() {
  loading ??= load();
  // Where the network failed, the next call tries again.
  loading.catch(() => (loading = undefined));
  return loading;
}

// An input is looked at when it is given; a body could be read by somebody else later.
export async function diagnose(input, options) {
  const asked = question(input, options);
  const [ready, parts] = await Promise.all([engine(), asked]);
  return answer(ready, parts, options);
}

export function watchFetch(fetch, tell, options) {
  return watch.watchFetch(diagnose, fetch, tell, options);
}

const later =
  (name) =>
  async (...input) =>
    api(await engine())[name](...input);

export const diagnoseAll = later('diagnoseAll');
export const explain = later('explain');
export const list = later('list');
export const createReader = later('createReader');
export const toMarkdown = later('toMarkdown');
export const toHtml = later('toHtml');
