// The answer: how reading goes on, then what came out of it.

import type { Summary } from 'why502';
import { stop, type Reading } from '../reading';
import { DiagnosisActions } from './actions';
import { DiagnosisView } from './diagnosis';
import { useLater } from './later';
import { Book } from './links';
import { Shown, bytes, count } from './text';

export function AnswerView({ reading }: { reading: Reading }) {
  const { phase, answer, book } = reading;
  if (phase === 'reading') return <Going reading={reading} />;
  if (!answer) return null;
  return (
    <Book.Provider value={book}>
      {answer.kind === 'single' ? (
        <DiagnosisView of={answer.diagnosis}>
          <DiagnosisActions of={answer.diagnosis} whole />
        </DiagnosisView>
      ) : (
        <Log summary={answer.summary} stopped={answer.stopped} reading={reading} />
      )}
    </Book.Provider>
  );
}

/** The list and what stands around it are most of the page's script, and seldom wanted at first. */
function Log(part: { summary: Summary; stopped: boolean; reading: Reading }) {
  const view = useLater(() => import('./log'));
  return view ? <view.LogView {...part} /> : null;
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
