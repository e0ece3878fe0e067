// What came out of a log: what failed, why; then when, where, and every exchange.

import { useContext, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Diagnosis, Summary } from 'why502';
import { engine } from '../engine';
import { fetchExcerpts } from '../excerpts';
import { ALL, filtered, type Filter } from '../exchanges';
import type { Reading } from '../reading';
import type { Row } from '../worker/main';
import { DiagnosisActions, LogActions } from './actions';
import { DiagnosisView } from './diagnosis';
import { Exchanges } from './exchanges';
import { Book, useCause } from './links';
import { Places } from './places';
import { bytes, count, many, percent } from './text';
import { TimelineView } from './timeline';

export function LogView({ summary, stopped, reading }: { summary: Summary; stopped: boolean; reading: Reading }) {
  const { rows, found } = reading;
  const [chosen, choose] = useState(0);
  const [filter, change] = useState<Filter>(ALL);
  const [opened, open] = useState<Row>();
  const finding = summary.findings[chosen];
  // The chart shows every fault and the whole time, so that another can be chosen.
  const { from, to, fault, ...others } = filter;
  const charted = useMemo(
    () => filtered(rows, { ...others, fault: '' }),
    [rows, ...Object.values(others)],
  );
  const placed = useMemo(() => filtered(rows, filter), [rows, filter]);
  return (
    <>
      <Headline summary={summary} stopped={stopped} size={reading.size} />
      {summary.findings.length > 0 ? <LogActions summary={summary} /> : <Understood />}
      {summary.findings.length > 1 && (
        <div class="findings" role="group" aria-label="What failed">
          {summary.findings.map((each, at) => (
            <button
              type="button"
              key={each.fault}
              aria-pressed={at === chosen}
              onClick={() => choose(at)}
            >
              <span class="number">{many(each.count + (each.events ?? 0))}</span>
              <code>{each.fault}</code>
              <CauseTitle id={each.causes[0]?.id ?? ''} />
            </button>
          ))}
        </div>
      )}
      {finding && (
        <DiagnosisView of={finding} level={2} key={finding.fault}>
          <DiagnosisActions of={finding} whole={false} />
        </DiagnosisView>
      )}
      {rows.length > 0 && (
        <>
          <TimelineView rows={charted} filter={filter} change={change} />
          <Places rows={placed} filter={filter} change={change} />
          <Exchanges rows={rows} found={found} filter={filter} change={change} open={open} />
        </>
      )}
      {opened && <One row={opened} close={() => open(undefined)} />}
    </>
  );
}

function CauseTitle({ id }: { id: string }) {
  return <span class="why">{useCause(id)?.title}</span>;
}

function Headline({ summary, stopped, size }: { summary: Summary; stopped: boolean; size: number }) {
  const { read, exchanges } = summary;
  const { total, failed, client, denied, events = 0 } = exchanges;
  const facts = [
    client > 0 && `${many(client)} ended by the client`,
    denied > 0 && `${many(denied)} denied by a policy`,
    events > 0 && count(events, 'event'),
    stopped ? `stopped after ${bytes(read.bytes)} of ${bytes(size)}` : `${count(read.lines, 'line')} read`,
    read.not_understood > 0 && `${many(read.not_understood)} not understood`,
    read.files.map(({ dialect }) => dialect).join(', '),
  ];
  return (
    <header class="headline">
      <h1 tabIndex={-1}>{inShort(failed, total)}</h1>
      <p>{facts.filter(Boolean).join(' · ')}</p>
    </header>
  );
}

function inShort(failed: number, total: number | undefined): string {
  if (failed === 0) return total ? `None of ${count(total, 'exchange')} failed` : 'No failure is told of';
  if (!total) return `${count(failed, 'exchange')} failed`;
  return `${many(failed)} of ${count(total, 'exchange')} failed (${percent(failed / total)})`;
}

/** What could have been read, where nothing was found. */
function Understood() {
  const book = useContext(Book);
  return (
    <section class="section">
      <h2>What is read</h2>
      <ul>
        {book?.list.dialects.map(({ name, about }) => (
          <li key={name}>
            <strong>{name}</strong>: {about}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** One exchange of the list, in full, over the page. */
function One({ row, close }: { row: Row; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [diagnosis, show] = useState<Diagnosis>();
  useEffect(() => {
    dialog.current?.showModal();
    void engine()
      .then((ready) => ready.exchange(row.number))
      .then(async (found) => {
        await fetchExcerpts(found.evidence);
        show(found);
      });
  }, [row]);
  return (
    <dialog ref={dialog} onClose={close} aria-label="One exchange">
      <form method="dialog">
        <button class="small">Close</button>
      </form>
      {diagnosis && (
        <DiagnosisView of={diagnosis} level={2}>
          <DiagnosisActions of={diagnosis} whole={false} />
          {!diagnosis.checks && (
            <p class="hint">What to check and what to change stands with its kind of failure.</p>
          )}
        </DiagnosisView>
      )}
    </dialog>
  );
}
