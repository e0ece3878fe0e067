// For browsers, workers and bundlers: both files are fetched while the module is loaded.

import { api, Why502Error } from './api.js';
import { load } from './load.js';

export { Why502Error };
export const { diagnose, diagnoseAll, explain, list, createReader, toMarkdown, toHtml } = api(
  await load(),
);
