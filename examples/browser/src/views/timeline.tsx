// Failures over time, by fault.

import { useEffect, useMemo, useRef } from 'preact/hooks';
import { OTHERS, timeline, type Filter, type Timeline } from '../exchanges';
import type { Row } from '../worker/main';
import { useColours } from './colours';
import { many } from './text';

export function TimelineView({
  rows,
  filter,
  change,
}: {
  rows: Row[];
  filter: Filter;
  change: (filter: Filter) => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  const shown = useMemo(() => timeline(rows), [rows]);
  const look = useColours();
  const now = useRef({ filter, change });
  now.current = { filter, change };
  useEffect(() => {
    const into = place.current;
    if (!into || !shown) return;
    let end = () => {};
    let wanted = true;
    void import('./chart').then(({ draw }) => {
      if (!wanted) return;
      const chart = draw(into, shown, look, (from, to) => {
        now.current.change({ ...now.current.filter, from: from * 1000, to: to * 1000 });
      });
      const watch = new ResizeObserver(() => chart.resize(into.clientWidth));
      watch.observe(into);
      end = () => {
        watch.disconnect();
        chart.destroy();
      };
    });
    return () => {
      wanted = false;
      end();
    };
  }, [shown, look]);
  if (!shown) return null;
  const words = inWords(shown);
  return (
    <section class="section">
      <h2>Over time</h2>
      <ul class="legend">
        {shown.faults.map(({ fault, counts }, at) => (
          <li key={fault}>
            <button
              type="button"
              class="small"
              disabled={fault === OTHERS}
              aria-pressed={filter.fault === fault}
              onClick={() => change({ ...filter, fault: filter.fault === fault ? '' : fault })}
            >
              <span class="swatch" style={{ background: look.colours[at] }} />
              <code>{fault}</code> {many(counts.reduce((sum, each) => sum + each, 0))}
            </button>
          </li>
        ))}
      </ul>
      <div class="chart" ref={place} role="img" aria-label={words} />
      <p class="hint">{words} Drag over the bars to list one span of time.</p>
    </section>
  );
}

/** What the bars show, also for who does not see them. */
function inWords({ times, step, faults }: Timeline): string {
  const sums = times.map((_, at) => faults.reduce((sum, { counts }) => sum + counts[at]!, 0));
  const most = Math.max(...sums);
  const time = (seconds: number) =>
    new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
  const length = step === 1 ? 'one second' : step < 60 ? `${step} seconds` : `${step / 60} minutes`;
  return (
    `From ${time(times[0]!)} to ${time(times.at(-1)! + step)}; ` +
    `at most ${many(most)} within ${length}, at ${time(times[sums.indexOf(most)]!)}.`
  );
}
