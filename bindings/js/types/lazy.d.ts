import type * as ready from './index.js';
import type { Catalogue, Diagnosis, ExplainedCause, ExplainedFault, Explanation } from './index.js';

export type * from './index.js';
export { Why502Error, watchFetch } from './index.js';

/** As in `why502`, with a promise of the answer. */
export function diagnose(
  input: unknown,
  options?: ready.DiagnoseOptions & ready.ResponseOptions,
): Promise<Diagnosis>;
export function diagnoseAll(
  input: ready.Text | ready.Archive | readonly ready.Input[],
  options?: ready.DiagnoseOptions,
): Promise<Diagnosis[]>;
export function explain(id: string, kind: 'cause'): Promise<ExplainedCause>;
export function explain(id: string, kind: 'fault'): Promise<ExplainedFault>;
export function explain(id: string): Promise<Explanation>;
export function list(): Promise<Catalogue>;
export function createReader(options?: ready.ReaderOptions): Promise<ready.Reader>;
export function toMarkdown(diagnosis: Diagnosis): Promise<string>;
export function toHtml(diagnosis: Diagnosis): Promise<string>;
