// One diagnosis, or one kind of failure of a log: the likeliest cause first, with its evidence, what
// to check and what to change; then the other causes.

import type { ComponentChildren } from 'preact';
import type { Check, Diagnosis, RankedCause, Remedy } from 'why502';
import type { Finding } from '../worker/main';
import { Checks, Remedies } from './advice';
import { Evidence } from './evidence';
import { CauseLink, FaultLink, useCause, useFault } from './links';
import { Share, Shown, percent } from './text';

interface Whole {
  of: Diagnosis | Finding;
  /** The heading's level. */
  level?: 1 | 2;
  /** What stands under the verdict. */
  children?: ComponentChildren;
}

export function DiagnosisView({ of, level = 1, children }: Whole) {
  const [likeliest, ...others] = of.causes as [RankedCause, ...RankedCause[]];
  const healthy = of.fault === 'none';
  const { remedies = [], checks = [], prevention = [] } = of;
  return (
    <article class="diagnosis">
      <Verdict of={of} likeliest={likeliest} level={level} />
      {children}
      <Section level={level} title="Evidence" name="rests-on">
        <Evidence quotes={of.evidence} />
        {!healthy && <Reasons because={likeliest.because} />}
      </Section>
      {checks.length > 0 && (
        <Section level={level} title="Check" name="check">
          <Checks checks={first(checks, likeliest)} />
        </Section>
      )}
      {remedies.length > 0 && (
        <Section level={level} title="Change">
          <Remedies remedies={curing(remedies, likeliest)} />
        </Section>
      )}
      {!healthy && others.length > 0 && (
        <Section level={level} title="Other causes">
          <Others causes={others} remedies={remedies} />
        </Section>
      )}
      {prevention.length > 0 && (
        <details class="section">
          <summary>Keep it from coming back</summary>
          <ul>
            {prevention.map((text) => (
              <li key={text}>
                <Shown text={text} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </article>
  );
}

const curing = (remedies: Remedy[], cause: RankedCause) =>
  remedies.filter((remedy) => remedy.cause === cause.id);

/** What tells of the likeliest cause comes first. */
const first = (checks: Check[], { id }: RankedCause) => [
  ...checks.filter(({ tells }) => tells.includes(id)),
  ...checks.filter(({ tells }) => !tells.includes(id)),
];

interface Part {
  of: Diagnosis | Finding;
  likeliest: RankedCause;
  level: 1 | 2;
}

function Verdict({ of, likeliest, level }: Part) {
  const cause = useCause(likeliest.id);
  const fault = useFault(of.fault);
  const Title = `h${level}` as 'h1';
  const failed = of.fault !== 'none';
  const open = likeliest.id === 'unknown';
  return (
    <header class={failed ? 'verdict' : 'verdict well'}>
      <p class="over-title">
        {failed && !open ? `Most likely cause · ${percent(likeliest.confidence)}` : 'Verdict'}
      </p>
      <Title tabIndex={-1}>{failed ? (cause?.title ?? likeliest.id) : fault?.meaning}</Title>
      {failed && cause && <p class="meaning">{cause.meaning}</p>}
      {failed && <Doubt of={of} />}
      <p class="observed">
        <span class="label">{failed ? 'What failed' : 'Fault'}</span> <FaultLink id={of.fault} />{' '}
        {failed && fault?.meaning} <Sure of={of} />
      </p>
      {'count' in of || <Facts of={of as Diagnosis} />}
    </header>
  );
}

/** Where the first cause is not likelier than all others together, the next one is named. */
function Doubt({ of: { causes, checks = [] } }: { of: Diagnosis | Finding }) {
  const [first, second] = causes;
  if (!first || !second || first.confidence >= 0.5) return null;
  const apart = checks.some(({ tells }) => [first, second].every(({ id }) => tells.includes(id)));
  return (
    <p>
      This is not certain. Next comes <CauseLink id={second.id} /> ({percent(second.confidence)}).
      {apart && ' A check below tells the two apart.'}
    </p>
  );
}

function Sure({ of }: { of: Diagnosis | Finding }) {
  const candidates = ('candidates' in of && of.candidates) || [];
  return (
    <span class="sure">
      {of.certainty !== undefined && `${percent(of.certainty)} sure`}
      {candidates.map(({ id, certainty }) => (
        <span key={id}>
          ; or <FaultLink id={id} /> ({percent(certainty)})
        </span>
      ))}
    </span>
  );
}

/** What is known of the exchange. */
function Facts({ of }: { of: Diagnosis }) {
  const { gateway, at, status, request, upstream, timings_ms: timings = {} } = of;
  const attempts = upstream?.attempts ?? [];
  const asked = [request?.method, request?.authority, request?.path].filter(Boolean).join(' ');
  const facts: [string, string | number | undefined][] = [
    ['Gateway', gateway],
    ['Time', at?.replace('T', ' ')],
    ['Status', status],
    ['Request', asked],
    ['Request id', request?.id],
    ['Upstream', [upstream?.cluster, upstream?.address].filter(Boolean).join(' · ')],
    ...attempts.slice(0, attempts.length > 1 ? 8 : 0).map(
      ({ address, status, seconds }, at): [string, string] => [
        `Attempt ${at + 1}`,
        [address, status, seconds !== undefined && `${seconds} s`].filter(Boolean).join(' · '),
      ],
    ),
    ['Took', Object.entries(timings).map(([name, ms]) => `${name.replace('_', ' ')} ${ms} ms`).join(' · ')],
  ];
  return (
    <dl class="facts">
      {facts
        .filter(([, value]) => value !== undefined && value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Shown text={String(value).slice(0, 400)} />
            </dd>
          </div>
        ))}
    </dl>
  );
}

interface Titled {
  level: number;
  title: string;
  /** For its place beside the others. */
  name?: string;
  children: ComponentChildren;
}

function Section({ level, title, name = '', children }: Titled) {
  const Title = `h${level + 1}` as 'h2';
  return (
    <section class={`section ${name}`}>
      <Title>{title}</Title>
      {children}
    </section>
  );
}

function Reasons({ because }: { because: string[] }) {
  return (
    <ul class="reasons">
      {because.map((reason) => (
        <li key={reason}>
          <Shown text={reason} />
        </li>
      ))}
    </ul>
  );
}

function Others({ causes, remedies }: { causes: RankedCause[]; remedies: Remedy[] }) {
  return (
    <ul class="others">
      {causes.map((cause) => (
        <li key={cause.id}>
          <details>
            <summary>
              <OtherTitle id={cause.id} />
              <Share of={cause.confidence} />
            </summary>
            <Reasons because={cause.because} />
            <Remedies remedies={curing(remedies, cause)} />
            <p>
              In full: <CauseLink id={cause.id} />
            </p>
          </details>
        </li>
      ))}
    </ul>
  );
}

function OtherTitle({ id }: { id: string }) {
  return <span class="title">{useCause(id)?.title ?? id}</span>;
}
