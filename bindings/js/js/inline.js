// For runtimes without files: both files are in the module itself.

import { api } from './api.js';
import * as inlined from './inlined.js';
import { unpack } from './unpack.js';

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
} = api(unpack(inlined));
