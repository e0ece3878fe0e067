// What can be taken away: a link, Markdown for a ticket, JSON for programs.

import type { Diagnosis, Summary } from 'why502';
import type { Finding } from '../worker/main';
import { engine } from '../engine';
import { linkTo, LONGEST_CASE, TooLong } from '../share';
import { Copy } from './text';

/** How much of one line goes into a link. */
const LONGEST_LINE = 4000;

/** Of one diagnosis; `whole` says that all that was brought is about it. */
export function DiagnosisActions({ of, whole }: { of: Diagnosis | Finding; whole: boolean }) {
  const link = async () => {
    const text = whole ? await (await engine()).brought(LONGEST_CASE) : undefined;
    const lines = async () => (await engine()).lines(of.evidence, LONGEST_LINE);
    if (text === undefined) return linkTo(await lines());
    return linkTo(text).catch(async (error: unknown) => {
      if (error instanceof TooLong) return linkTo(await lines());
      throw error;
    });
  };
  return (
    <div class="actions">
      <Copy what="Copy link" text={link} />
      <Copy what="Copy Markdown" text={async () => (await engine()).markdown([of])} />
      <Save what="Save JSON" name="diagnosis.json" content={() => json(of)} />
    </div>
  );
}

/** Of a log. */
export function LogActions({ summary }: { summary: Summary }) {
  return (
    <div class="actions">
      <Copy what="Copy Markdown" text={async () => (await engine()).markdown(summary.findings)} />
      <Save what="Save JSON" name="summary.json" content={() => json(summary)} />
      <Save
        what="Save all exchanges"
        name="exchanges.ndjson"
        content={async () => (await engine()).exchanges()}
      />
    </div>
  );
}

const json = async (value: unknown) =>
  new Blob([`${JSON.stringify(value, undefined, 2)}\n`], { type: 'application/json' });

function Save({ what, name, content }: { what: string; name: string; content: () => Promise<Blob> }) {
  const save = async () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await content());
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };
  return (
    <button type="button" class="small" onClick={save}>
      {what}
    </button>
  );
}
