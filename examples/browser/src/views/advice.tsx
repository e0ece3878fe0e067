// Checks and remedies: what to run, and what to change.

import type { Check, Remedy, Setting } from 'why502';
import { CauseLink } from './links';
import { Copy, Shown } from './text';

/** Checks, of which the first few are shown at once. */
export function Checks({ checks, few = 3 }: { checks: Check[]; few?: number }) {
  const rest = checks.slice(few);
  return (
    <>
      <ol class="checks">
        {checks.slice(0, few).map((check) => (
          <li key={check.run}>
            <OneCheck check={check} />
          </li>
        ))}
      </ol>
      {rest.length > 0 && (
        <details>
          <summary>{rest.length} more checks</summary>
          <ol class="checks" start={few + 1}>
            {rest.map((check) => (
              <li key={check.run}>
                <OneCheck check={check} />
              </li>
            ))}
          </ol>
        </details>
      )}
    </>
  );
}

function OneCheck({ check: { run, outcome, tells } }: { check: Check }) {
  const [where, command] = parted(run);
  return (
    <>
      {where && (
        <p class="lead">
          <Shown text={where} />
        </p>
      )}
      {command && (
        <div class="command">
          <pre tabIndex={0} role="group" aria-label="Command">
            <Shown text={command} />
          </pre>
          <Copy text={command} />
        </div>
      )}
      {outcome && (
        <p>
          <Shown text={outcome} />
        </p>
      )}
      <p class="tells">
        Tells apart: <Links ids={tells} />
      </p>
    </>
  );
}

function Links({ ids }: { ids: string[] }) {
  return (
    <>
      {ids.map((id, at) => (
        <>
          {at > 0 && ', '}
          <CauseLink id={id} />
        </>
      ))}
    </>
  );
}

/**
 * `On the gateway: ss -s` in prose and command. Commands begin with a small letter: the same rule
 * as in the text report.
 */
export function parted(run: string): [prose: string, command: string] {
  const small = /^[a-z]/;
  if (small.test(run)) return ['', run];
  const end = run.indexOf(': ');
  const command = run.slice(end + 2);
  return end >= 0 && small.test(command) ? [run.slice(0, end + 1), command] : [run, ''];
}

/** Remedies: those that last, settings of the gateway, and what only buys time. */
export function Remedies({ remedies }: { remedies: Remedy[] }) {
  const lasting = remedies.filter(({ setting, stopgap }) => !setting && !stopgap);
  const settings = remedies.filter(({ setting }) => setting);
  const stopgaps = remedies.filter(({ setting, stopgap }) => !setting && stopgap);
  return (
    <ul class="remedies">
      {[...lasting, ...settings, ...stopgaps].map((remedy) => (
        <li key={remedy.do}>
          {remedy.setting ? (
            <OneSetting setting={remedy.setting} />
          ) : (
            <>
              {remedy.stopgap && <span class="tag">buys time</span>} <Shown text={remedy.do} />
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

/** A setting with its documentation. */
export function OneSetting({ setting: { name, value, advice, link } }: { setting: Setting }) {
  const code = (
    <code>
      <Shown text={name} />
    </code>
  );
  return (
    <>
      {link ? (
        <a href={link} rel="noopener noreferrer">
          {code}
        </a>
      ) : (
        code
      )}{' '}
      {value && (
        <strong>
          <Shown text={value} />{' '}
        </strong>
      )}
      <Shown text={advice} />
    </>
  );
}
