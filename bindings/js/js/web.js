// For browsers, workers and bundlers: both files are fetched while the module is loaded.

import { api } from './api.js';
import { load } from './load.js';

export { Why502Error } from './error.js';
export const {
  diagnose,
  diagnoseAll,
  explain,
  list,
  createReader,
  watchFetch,
  toMarkdown,
  toHtml,
} = api(await load());
