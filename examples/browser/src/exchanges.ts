// The exchanges of a log, as a view of them: filtered, ordered, counted.

import type { Row } from './worker/main';

export interface Filter {
  text: string;
  fault: string;
  cause: string;
  upstream: string;
  path: string;
  /** Milliseconds; both or none. */
  from?: number | undefined;
  to?: number | undefined;
}

export const ALL: Filter = { text: '', fault: '', cause: '', upstream: '', path: '' };

export function filtered(rows: Row[], filter: Filter): Row[] {
  const { fault, cause, upstream, path, from, to } = filter;
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0 && !fault && !cause && !upstream && !path && from === undefined) return rows;
  return rows.filter((row) => {
    if (fault && row.fault !== fault) return false;
    if (cause && row.cause !== cause) return false;
    if (upstream && row.upstream !== upstream) return false;
    if (path && row.path !== path) return false;
    if (from !== undefined && to !== undefined && !(row.time! >= from && row.time! <= to)) return false;
    if (words.length === 0) return true;
    const text = `${row.at} ${row.fault} ${row.cause} ${row.status} ${row.request} ${row.upstream}`;
    const small = text.toLowerCase();
    return words.every((word) => small.includes(word));
  });
}

export interface Counted {
  name: string;
  count: number;
}

/** The values of a column, the most frequent first. */
export function counted(rows: Row[], column: 'fault' | 'cause' | 'upstream' | 'path'): Counted[] {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(row[column], (counts.get(row[column]) ?? 0) + 1);
  counts.delete('');
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((one, other) => other.count - one.count);
}

export interface Timeline {
  /** Where each step begins, in seconds. */
  times: number[];
  /** How long one is, in seconds. */
  step: number;
  /** The faults, the most frequent first, with a count for each step. */
  faults: { fault: string; counts: number[] }[];
}

const STEPS = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 6 * 3600, 86_400, 7 * 86_400, 28 * 86_400];
const MOST_STEPS = 90;
/** How many faults have a colour of their own. */
export const MOST_FAULTS = 6;
export const OTHERS = 'others';

/** Failures over time, by fault. Nothing where fewer than two rows have a time. */
export function timeline(rows: Row[]): Timeline | undefined {
  let first = Infinity;
  let last = -Infinity;
  for (const { time } of rows) {
    if (time === undefined) continue;
    first = Math.min(first, time);
    last = Math.max(last, time);
  }
  if (!(last > first)) return undefined;
  const span = (last - first) / 1000;
  const step = STEPS.find((each) => span / each <= MOST_STEPS) ?? Math.ceil(span / MOST_STEPS);
  const begin = Math.floor(first / 1000 / step) * step;
  const length = Math.floor((last / 1000 - begin) / step) + 1;
  const names = counted(rows, 'fault').map(({ name }) => name);
  const shown = names.length > MOST_FAULTS ? [...names.slice(0, MOST_FAULTS - 1), OTHERS] : names;
  const faults = shown.map((fault) => ({ fault, counts: new Array<number>(length).fill(0) }));
  for (const { time, fault } of rows) {
    if (time === undefined) continue;
    const series = faults.find((each) => each.fault === fault) ?? faults.at(-1)!;
    series.counts[Math.floor((time / 1000 - begin) / step)]! += 1;
  }
  return { times: Array.from({ length }, (_, at) => begin + at * step), step, faults };
}
