// What is being read, or was: one thing at a time, watched by the views.

import { proxy } from 'comlink';
import { useEffect, useState } from 'preact/hooks';
import { encyclopedia, engine, giveUp } from './engine';
import { fetchExcerpts } from './excerpts';
import type { Answer, Encyclopedia, Progress, Row } from './worker/main';

export interface Reading {
  phase: 'nothing' | 'reading' | 'answered' | 'failed';
  /** What is read: names of files. */
  name: string;
  bytes: number;
  size: number;
  rows: Row[];
  /** How many exchanges were found, with those beyond the list. */
  found: number;
  answer?: Answer;
  book?: Encyclopedia;
  trouble?: string;
}

const NOTHING: Reading = { phase: 'nothing', name: '', bytes: 0, size: 0, rows: [], found: 0 };
/** How long a worker may take to listen. */
const PATIENCE = 5000;

let reading = NOTHING;
let run = 0;
const watchers = new Set<(reading: Reading) => void>();

export function useReading(): Reading {
  const [seen, see] = useState(reading);
  useEffect(() => {
    see(reading);
    watchers.add(see);
    return () => void watchers.delete(see);
  }, []);
  return seen;
}

export async function read(files: File[]): Promise<void> {
  if (reading.phase === 'reading') giveUp();
  const mine = (run += 1);
  const change = (news: Partial<Reading>) => {
    if (mine !== run) return;
    show({ ...reading, ...news });
  };
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const name = files.map((file) => file.name).filter(Boolean).join(', ');
  reading = NOTHING;
  change({ phase: 'reading', name, size, rows: [] });
  const rows: Row[] = [];
  const report = ({ rows: more, ...progress }: Progress) => {
    for (const row of more) rows.push(row);
    change({ ...progress, rows: more.length > 0 ? [...rows] : reading.rows });
  };
  try {
    const [answer, book] = await Promise.all([
      (await engine()).read(files, proxy(report)),
      encyclopedia(),
    ]);
    const shown = answer.kind === 'single' ? answer.diagnosis : answer.summary.findings[0];
    if (shown) await fetchExcerpts(shown.evidence);
    // Exchanges come in the order in which they were complete.
    rows.sort((one, other) => (one.time ?? 0) - (other.time ?? 0) || one.number - other.number);
    change({ phase: 'answered', answer, book, rows: [...rows] });
  } catch (error) {
    change({ phase: 'failed', trouble: error instanceof Error ? error.message : String(error) });
  }
}

/** Ends the reading: with what was read so far where the worker still listens. */
export async function stop(): Promise<void> {
  const mine = run;
  const deaf = setTimeout(() => {
    if (mine !== run || reading.phase !== 'reading') return;
    giveUp();
    run += 1;
    show({ ...reading, phase: 'failed', trouble: 'Reading did not end by itself and was broken off.' });
  }, PATIENCE);
  await (await engine()).stop();
  clearTimeout(deaf);
}

function show(news: Reading): void {
  reading = news;
  for (const watcher of watchers) watcher(reading);
}
