// The answer: how reading goes on, then what came out of it.

import { useState } from 'preact/hooks';
import type { Summary } from 'why502';
import { stop, type Reading } from '../reading';
import { DiagnosisView } from './diagnosis';
import { Book, useCause } from './links';
import { Shown, bytes, count, many, percent } from './text';

export function AnswerView({ reading }: { reading: Reading }) {
  const { phase, answer, book } = reading;
  if (phase === 'reading') return <Going reading={reading} />;
  if (!answer) return null;
  return (
    <Book.Provider value={book}>
      {answer.kind === 'single' ? (
        <DiagnosisView of={answer.diagnosis} />
      ) : (
        <Log summary={answer.summary} reading={reading} />
      )}
    </Book.Provider>
  );
}

function Going({ reading: { bytes: done, size, found, name } }: { reading: Reading }) {
  return (
    <div class="going">
      <h1 tabIndex={-1}>
        Reading <Shown text={name || 'what was pasted'} />
      </h1>
      <progress value={done} max={Math.max(size, 1)} aria-label="Bytes read" />
      <p>
        {bytes(done)} of {bytes(size)} · {count(found, 'failure')} so far
      </p>
      <button type="button" onClick={() => void stop()}>
        Stop
      </button>
    </div>
  );
}

function Log({ summary, reading }: { summary: Summary; reading: Reading }) {
  const [chosen, choose] = useState(0);
  const finding = summary.findings[chosen];
  const stopped = reading.answer?.kind === 'log' && reading.answer.stopped;
  return (
    <>
      <Headline summary={summary} reading={reading} stopped={stopped} />
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
      {finding && <DiagnosisView of={finding} level={2} key={finding.fault} />}
    </>
  );
}

function CauseTitle({ id }: { id: string }) {
  return <span class="why">{useCause(id)?.title}</span>;
}

function Headline({ summary, reading, stopped }: { summary: Summary; reading: Reading; stopped: boolean }) {
  const { read, exchanges } = summary;
  const { total, failed, client, denied } = exchanges;
  return (
    <header class="headline">
      <h1 tabIndex={-1}>
        {failed === 0
          ? 'No failure of the gateway or its upstreams'
          : total
            ? `${many(failed)} of ${count(total, 'exchange')} failed (${percent(failed / total)})`
            : `${count(failed, 'exchange')} failed`}
      </h1>
      <p>
        {[
          client > 0 && `${many(client)} ended by the client`,
          denied > 0 && `${many(denied)} denied by a policy`,
          exchanges.events && count(exchanges.events, 'event'),
          stopped
            ? `stopped after ${bytes(read.bytes)} of ${bytes(reading.size)}`
            : `${count(read.lines, 'line')} read`,
          read.not_understood > 0 && `${many(read.not_understood)} not understood`,
          read.files.map(({ dialect }) => dialect).filter(Boolean).join(', '),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
    </header>
  );
}
