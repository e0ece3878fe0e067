// For runtimes without files: both files are in the module itself.

import { api, Why502Error } from './api.js';
import * as inlined from './inlined.js';
import { unpack } from './unpack.js';

export { Why502Error };
export const { diagnose, diagnoseAll, explain, list, createReader, toMarkdown, toHtml } = api(
  unpack(inlined),
);
