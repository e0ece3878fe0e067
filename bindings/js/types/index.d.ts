/// <reference lib="dom" />

import type { Catalogue, Diagnosis, Evidence, ExplainedCause, ExplainedFault, Explanation, Summary } from './schema.js';

export type * from './schema.js';

/** Text of any kind that why502 reads, as a string or as bytes in UTF-8. */
export type Text = string | ArrayBuffer | ArrayBufferView;

/**
 * A report of Network Error Logging or of the Reporting API: as a `ReportingObserver` gives it, or
 * as a browser sends it.
 */
export interface NetworkReport {
  type: string;
  body?: object | null;
}

/** What is known about one exchange, in any form but that of a `Response`. */
export type Input = Text | Error | NetworkReport | readonly NetworkReport[] | Evidence | Archive;

/** An archive of exchanges, HAR 1.2. */
export interface Archive {
  log: { entries: readonly object[] };
}

export interface DiagnoseOptions {
  /** The name of the input, which quotes of it then tell. */
  name?: string;
}

export interface ResponseOptions {
  /**
   * Whether to read the body as well, up to 64 KiB: of a copy, so that yours stays unread. The
   * answer is then a promise. A body that was read already is left out.
   */
  body?: boolean;
  /** The browser's record of the exchange; by default the last one of its URL. */
  timing?: PerformanceResourceTiming;
  /** What was asked for, beside the URL. */
  request?: Evidence['request'];
}

/**
 * What failed of one exchange, why, and what to do.
 *
 * The text is evidence about one exchange: lines of logs, the head of a response, a page, an error
 * message, in any mixture. An error is what `fetch` throws, with its causes. Of a response, status
 * and headers are read, and never the body, unless it is asked for.
 *
 * @throws {Why502Error} where the input cannot be read.
 */
export function diagnose(input: Input, options?: DiagnoseOptions): Diagnosis;
export function diagnose(
  response: Response,
  options: ResponseOptions & { body: true },
): Promise<Diagnosis>;
export function diagnose(response: Response, options?: ResponseOptions & { body?: false }): Diagnosis;
export function diagnose(
  response: Response,
  options?: ResponseOptions,
): Diagnosis | Promise<Diagnosis>;
/** What was thrown may be anything. */
export function diagnose(input: unknown, options?: DiagnoseOptions): Diagnosis;

/**
 * Of a log, or an archive of exchanges (HAR) as text, bytes or an object: each exchange that did not
 * end well, in the order in which they ended. Of an array: the diagnosis of each of its items.
 *
 * @throws {Why502Error} where the input cannot be read.
 */
export function diagnoseAll(input: Text | Archive | readonly Input[], options?: DiagnoseOptions): Diagnosis[];

/**
 * A fault or a cause in full. One id, `unknown`, names both: it is the fault, unless the cause is
 * asked for.
 *
 * @throws {Why502Error} where there is none of that id; the message names the nearest.
 */
export function explain(id: string, kind: 'cause'): ExplainedCause;
export function explain(id: string, kind: 'fault'): ExplainedFault;
export function explain(id: string): Explanation;

/** What there is to read, to find and to explain. */
export function list(): Catalogue;

export interface ReaderOptions {
  /** The name of the log, which quotes of it then tell. */
  name?: string;
  /**
   * Whether the log is still being written: then a failure waits two seconds of the log's time, not
   * ninety, for other records of its exchange.
   */
  live?: boolean;
  /**
   * Whether diagnoses bring checks, remedies and prevention, as they do by default. They are most of
   * a diagnosis: without them a log of many failures is read several times as quickly.
   */
  advice?: boolean;
}

/** Chunks of a log go in, diagnoses come out. */
export interface Reader extends TransformStream<Text, Diagnosis> {
  /** The whole log in sum, once all of it was read. */
  readonly summary: Promise<Summary>;
}

/**
 * Reads a log of any size chunk by chunk, in bounded memory:
 * `file.stream().pipeThrough(createReader())`.
 */
export function createReader(options?: ReaderOptions): Reader;

export interface WatchOptions {
  /** Whether to read the bodies of failed responses as well: of a copy. */
  body?: boolean;
}

/**
 * The same `fetch`, that tells of each exchange that fails: a response with an error status, or a
 * promise that is rejected. What it resolves to, throws, and aborts is as before. What `tell` throws
 * is passed over.
 */
export function watchFetch<F extends typeof fetch>(
  fetch: F,
  tell: (diagnosis: Diagnosis, of: unknown) => unknown,
  options?: WatchOptions,
): F;

/**
 * A diagnosis as Markdown, for tickets.
 *
 * @throws {Why502Error} where it is none.
 */
export function toMarkdown(diagnosis: Diagnosis): string;

/**
 * A diagnosis as HTML, without style or script: what the evidence says is escaped.
 *
 * @throws {Why502Error} where it is none.
 */
export function toHtml(diagnosis: Diagnosis): string;

/** Why an input has no answer. */
export class Why502Error extends Error {
  readonly name: 'Why502Error';
  /**
   * `empty`: nothing is in it. `bad-input`: it is nothing that can be read; the message says where.
   * `unknown-id`: no fault or cause has that id. `internal`: why502 failed at it, and is ready again.
   */
  readonly code: 'empty' | 'bad-input' | 'unknown-id' | 'internal';
}
