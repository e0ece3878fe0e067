// Where it fails: which upstreams, and which paths.

import { useMemo } from 'preact/hooks';
import { counted, type Filter } from '../exchanges';
import type { Row } from '../worker/main';
import { Shown, many } from './text';

const MOST = 8;

interface Part {
  rows: Row[];
  filter: Filter;
  change: (filter: Filter) => void;
}

export function Places(part: Part) {
  return (
    <div class="places">
      <Place {...part} column="upstream" title="Upstreams" />
      <Place {...part} column="path" title="Paths" />
    </div>
  );
}

function Place({ rows, filter, change, column, title }: Part & { column: 'upstream' | 'path'; title: string }) {
  const all = useMemo(() => counted(rows, column), [rows, column]);
  if (all.length === 0) return null;
  const highest = all[0]!.count;
  return (
    <section class="section">
      <h2>{title}</h2>
      <ul>
        {all.slice(0, MOST).map(({ name, count }) => (
          <li key={name}>
            <button
              type="button"
              aria-pressed={filter[column] === name}
              onClick={() => change({ ...filter, [column]: filter[column] === name ? '' : name })}
            >
              <span class="fill" style={{ width: `${(count / highest) * 100}%` }} />
              <code>
                <Shown text={name} />
              </code>
              <span class="number">{many(count)}</span>
            </button>
          </li>
        ))}
      </ul>
      {all.length > MOST && <p class="hint">and {many(all.length - MOST)} more</p>}
    </section>
  );
}
