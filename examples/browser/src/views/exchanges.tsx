// The list of exchanges: filters, and the rows that are in sight.

import { useMemo, useRef, useState } from 'preact/hooks';
import { ALL, counted, filtered, type Filter } from '../exchanges';
import type { Row } from '../worker/main';
import { useCause } from './links';
import { Shown, count, many, percent } from './text';
import { useNarrow } from './narrow';
import { useVirtual } from './virtual';

// In pixels; the heads are a row too.
const HEIGHT = 34;
const HEIGHT_NARROW = 58;

interface Part {
  rows: Row[];
  /** How many there are, with those beyond the list. */
  found: number;
  filter: Filter;
  change: (filter: Filter) => void;
  open: (row: Row) => void;
}

export function Exchanges({ rows, found, filter, change, open }: Part) {
  const shown = useMemo(() => filtered(rows, filter), [rows, filter]);
  return (
    <section class="section" aria-labelledby="exchanges">
      <h2 id="exchanges">Exchanges</h2>
      <Filters rows={rows} filter={filter} change={change} />
      <p class="hint" role="status">
        {shown.length === rows.length
          ? count(rows.length, 'exchange')
          : `${many(shown.length)} of ${count(rows.length, 'exchange')}`}
        {found > rows.length && `; ${many(found - rows.length)} more are counted and not listed`}
      </p>
      <Rows rows={shown} open={open} />
    </section>
  );
}

function Filters({ rows, filter, change }: Pick<Part, 'rows' | 'filter' | 'change'>) {
  const faults = useMemo(() => counted(rows, 'fault'), [rows]);
  const causes = useMemo(() => counted(rows, 'cause'), [rows]);
  const { from, to, upstream, path } = filter;
  return (
    <div class="filters">
      <label>
        <span>Find</span>
        <input
          type="search"
          placeholder="path, time, upstream, status …"
          value={filter.text}
          onInput={({ currentTarget }) => change({ ...filter, text: currentTarget.value })}
        />
      </label>
      <label>
        <span>Fault</span>
        <select
          value={filter.fault}
          onChange={({ currentTarget }) => change({ ...filter, fault: currentTarget.value })}
        >
          <option value="">all</option>
          {faults.map(({ name, count }) => (
            <option key={name} value={name}>
              {name} ({many(count)})
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>Likeliest cause</span>
        <select
          value={filter.cause}
          onChange={({ currentTarget }) => change({ ...filter, cause: currentTarget.value })}
        >
          <option value="">all</option>
          {causes.map(({ name, count }) => (
            <Cause key={name} id={name} count={count} />
          ))}
        </select>
      </label>
      {upstream && (
        <Off what={upstream} end={() => change({ ...filter, upstream: '' })} />
      )}
      {path && <Off what={path} end={() => change({ ...filter, path: '' })} />}
      {from !== undefined && to !== undefined && (
        <Off
          what={`${clock(from)} to ${clock(to)}`}
          end={() => change({ ...filter, from: undefined, to: undefined })}
        />
      )}
      {filter !== ALL && (
        <button type="button" class="small" onClick={() => change(ALL)}>
          Show all
        </button>
      )}
    </div>
  );
}

const clock = (time: number) => new Date(time).toISOString().slice(11, 19);

function Cause({ id, count }: { id: string; count: number }) {
  return (
    <option value={id}>
      {useCause(id)?.title ?? id} ({many(count)})
    </option>
  );
}

function Off({ what, end }: { what: string; end: () => void }) {
  return (
    <button type="button" class="small chip" onClick={end}>
      <Shown text={what} /> <span aria-hidden="true">×</span>
      <span class="visually-hidden">: take this filter away</span>
    </button>
  );
}

const COLUMNS = ['Time', 'Status', 'Fault', 'Likeliest cause', 'Request', 'Upstream'];

function Rows({ rows, open }: Pick<Part, 'rows' | 'open'>) {
  const place = useRef<HTMLDivElement>(null);
  const [active, activate] = useState(0);
  const narrow = useNarrow();
  const height = narrow ? HEIGHT_NARROW : HEIGHT;
  const virtual = useVirtual(place, rows.length, height);
  const at = Math.min(active, rows.length - 1);
  const items = virtual.getVirtualItems();
  const move = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((place.current?.clientHeight ?? 0) / HEIGHT) - 1);
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -Infinity,
      End: Infinity,
    };
    const step = steps[event.key];
    if (step !== undefined) {
      const next = Math.max(0, Math.min(rows.length - 1, at + step));
      activate(next);
      virtual.scrollToIndex(next);
    } else if (event.key === 'Enter' && rows[at]) open(rows[at]);
    else return;
    event.preventDefault();
  };
  return (
    <div
      class="rows"
      ref={place}
      style={{ maxHeight: `${(rows.length + 1) * height + 2}px` }}
      role="grid"
      tabIndex={0}
      aria-label="Exchanges"
      aria-rowcount={rows.length + 1}
      aria-colcount={COLUMNS.length}
      aria-activedescendant={items.some(({ index }) => index === at) ? `row-${at}` : undefined}
      onKeyDown={move}
    >
      <div role="row" class="row heads" aria-rowindex={1}>
        {COLUMNS.map((name) => (
          <span role="columnheader" key={name}>
            {name}
          </span>
        ))}
      </div>
      <div role="rowgroup" class="all" style={{ height: `${virtual.getTotalSize()}px` }}>
        {items.map(({ index, start, size }) => (
          <OneRow
            key={index}
            row={rows[index]!}
            index={index}
            active={index === at}
            top={start}
            height={size}
            open={(row) => {
              activate(index);
              open(row);
            }}
          />
        ))}
      </div>
    </div>
  );
}

interface RowPart {
  row: Row;
  index: number;
  active: boolean;
  top: number;
  height: number;
  open: (row: Row) => void;
}

function OneRow({ row, index, active, top, height, open }: RowPart) {
  const title = useCause(row.cause)?.title ?? row.cause;
  return (
    <div
      role="row"
      id={`row-${index}`}
      class={active ? 'row active' : 'row'}
      aria-rowindex={index + 2}
      aria-selected={active}
      style={{ transform: `translateY(${top}px)`, height: `${height}px` }}
      onClick={() => open(row)}
    >
      <span role="gridcell">
        <span class="date">{row.at.slice(0, 10)} </span>
        {row.at.slice(11, 19) || '–'}
      </span>
      <span role="gridcell">{row.status || '–'}</span>
      <span role="gridcell">{row.fault}</span>
      <span role="gridcell">
        {title} {percent(row.confidence)}
      </span>
      <span role="gridcell">
        <Shown text={row.request} />
      </span>
      <span role="gridcell">
        <Shown text={row.upstream} />
      </span>
    </div>
  );
}
