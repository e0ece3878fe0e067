// The engine, away from what is shown: reading a log never makes the page wait.

import { expose } from 'comlink';
import {
  createReader,
  diagnose,
  explain,
  list,
  toMarkdown,
  type Catalogue,
  type Diagnosis,
  type ExplainedCause,
  type ExplainedFault,
  type Quote,
  type Summary,
} from 'why502/inline';
import type { Excerpt } from './excerpt';
import { asDiagnosis, type Finding } from './finding';
import { readLog, type Progress } from './log';
import { Source } from './source';
import { Store } from './store';

export type { Excerpt, Part } from './excerpt';
export type { Finding } from './finding';
export type { Progress } from './log';
export type { Row } from './row';

export type Answer =
  | { kind: 'single'; diagnosis: Diagnosis }
  | { kind: 'log'; summary: Summary; stopped: boolean };

export interface Encyclopedia {
  list: Catalogue;
  faults: ExplainedFault[];
  causes: ExplainedCause[];
}

/** How much is read as evidence about one exchange. */
const LONGEST_PASTE = 1024 * 1024;
/** Up to this size every exchange is listed with its advice, which takes several times as long. */
const SMALL = 1024 * 1024;

let source: Source | undefined;
let store = new Store();
let stopped = false;

const worker = {
  async encyclopedia(): Promise<Encyclopedia> {
    const all = list();
    return {
      list: all,
      faults: all.faults.map(({ id }) => explain(id, 'fault')),
      causes: all.causes.map(({ id }) => explain(id, 'cause')),
    };
  },

  async read(files: File[], report: (progress: Progress) => void): Promise<Answer> {
    stopped = false;
    store = new Store();
    source = await Source.of(files);
    const reader = createReader({ advice: source.size <= SMALL });
    const summary = await readLog(source, reader, store, () => stopped, report);
    if (isLog(summary) || stopped || source.size > LONGEST_PASTE) {
      for (const { evidence } of summary.findings) source.place(evidence);
      return { kind: 'log', summary, stopped };
    }
    const diagnosis = diagnose(await source.text(LONGEST_PASTE));
    source.place(diagnosis.evidence);
    return { kind: 'single', diagnosis };
  },

  /** Ends the reading soon: what was read until then is answered. */
  stop(): void {
    stopped = true;
  },

  /** An exchange of the list; its advice is what its lines give when they are read again. */
  async exchange(number: number): Promise<Diagnosis> {
    const found = JSON.parse(await store.at(number)) as Diagnosis;
    if (found.checks) return found;
    const again = diagnose(await worker.lines(found.evidence, LONGEST_PASTE));
    if (again.fault !== found.fault) return found;
    const { remedies = [], checks = [], prevention = [] } = again;
    return { ...found, remedies, checks, prevention } as Diagnosis;
  },

  /** All exchanges of the list, one a line. */
  exchanges(): Blob {
    return store.all();
  },

  /** Quotes within the lines that they stand in. */
  async excerpts(quotes: Quote[]): Promise<Excerpt[]> {
    return (await source?.excerpts(quotes)) ?? [];
  },

  /** The lines that quotes stand in. */
  async lines(quotes: Quote[], most: number): Promise<string> {
    return (await source?.lines(quotes, most)) ?? '';
  },

  /** Diagnoses and kinds of failures as Markdown. */
  async markdown(all: (Diagnosis | Finding)[]): Promise<string> {
    return all.map((each) => toMarkdown(asDiagnosis(each))).join('\n');
  },

  /** All that was brought, where it is small. */
  async brought(most: number): Promise<string | undefined> {
    return source && source.size <= most ? source.text(most) : undefined;
  },
};

export type Engine = typeof worker;

/** Two exchanges or more are a log. What holds one, or none that is known as one, is a paste. */
function isLog({ exchanges }: Summary): boolean {
  const { total = 0, failed, client, denied, events = 0 } = exchanges;
  return Math.max(total, failed + client + denied + events) > 1;
}

expose(worker);
