// A log, read as it comes: into the store, and in rows to the page.

import type { Diagnosis, Summary, createReader } from 'why502';
import { rowOf, type Row } from './row';
import type { Source } from './source';
import type { Store } from './store';

export interface Progress {
  bytes: number;
  size: number;
  /** The exchanges that were found since the last report. */
  rows: Row[];
  /** How many were found, with those that are too many to be listed. */
  found: number;
}

/** How many exchanges are listed. */
export const MOST_LISTED = 250_000;
const ROWS_TOGETHER = 5000;
const MILLISECONDS_BETWEEN = 100;

export async function readLog(
  source: Source,
  reader: ReturnType<typeof createReader>,
  store: Store,
  stopped: () => boolean,
  report: (progress: Progress) => void,
): Promise<Summary> {
  let progress: Progress = { bytes: 0, size: source.size, rows: [], found: 0 };
  let reported = performance.now();
  const tell = () => {
    report(progress);
    progress = { ...progress, rows: [] };
    reported = performance.now();
  };
  const isTime = () =>
    performance.now() - reported > MILLISECONDS_BETWEEN || progress.rows.length >= ROWS_TOGETHER;

  const bring = async () => {
    const writer = reader.writable.getWriter();
    let listened = performance.now();
    for await (const chunk of source.chunks()) {
      await writer.write(chunk);
      progress.bytes += chunk.length;
      if (isTime()) tell();
      // Streams that always have more leave no turn to what the page asks.
      if (performance.now() - listened > MILLISECONDS_BETWEEN) {
        await new Promise((resolve) => setTimeout(resolve));
        listened = performance.now();
      }
      if (stopped()) break;
    }
    await writer.close();
  };
  const take = async () => {
    const found = reader.readable.getReader();
    for (let step; !(step = await found.read()).done; ) {
      list(step.value);
      if (isTime()) tell();
    }
  };
  const list = (diagnosis: Diagnosis) => {
    if (progress.found < MOST_LISTED) {
      progress.rows.push(rowOf(diagnosis, progress.found));
      source.place(diagnosis.evidence);
      store.add(diagnosis);
    }
    progress.found += 1;
  };

  await Promise.all([bring(), take()]);
  tell();
  return reader.summary;
}
