// Every fault and every cause, in full; with a search over all their words.

import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { ExplainedCause, ExplainedFault, Setting } from 'why502';
import { encyclopedia } from '../engine';
import type { Encyclopedia } from '../worker/main';
import { Checks, OneSetting, Remedies } from './advice';
import { Book, CauseLink, FaultLink } from './links';
import { Share, count } from './text';

type Page = ExplainedFault | ExplainedCause;

/** Of all, or of one fault or cause. */
export function EncyclopediaView({ kind, id }: { kind?: 'fault' | 'cause'; id?: string }) {
  const [book, open] = useState<Encyclopedia>();
  useEffect(() => void encyclopedia().then(open), []);
  if (!book) return <h1 tabIndex={-1}>Encyclopedia</h1>;
  const pages: Page[] = kind === 'fault' ? book.faults : book.causes;
  const page = pages.find((each) => each.id === id);
  return (
    <Book.Provider value={book}>
      {kind === undefined ? (
        <Contents book={book} />
      ) : page ? (
        <article class="entry" key={`${kind}/${id}`}>
          <p class="way">
            <a href="#/encyclopedia">Encyclopedia</a> · {kind}
          </p>
          {page.kind === 'fault' ? <Fault page={page} /> : <Cause page={page} />}
        </article>
      ) : (
        <>
          <h1 tabIndex={-1}>There is no such {kind}</h1>
          <Contents book={book} />
        </>
      )}
    </Book.Provider>
  );
}

function Contents({ book }: { book: Encyclopedia }) {
  const [words, search] = useState('');
  const found = useMemo(() => matching(book, words), [book, words]);
  return (
    <>
      <h1 tabIndex={-1}>Encyclopedia</h1>
      <p class="sub">
        A fault is what a gateway saw: it is right or wrong. A cause is why it happened: it is more
        or less likely.
      </p>
      <search class="search">
        <label for="search">Search</label>
        <input
          id="search"
          type="search"
          autocomplete="off"
          value={words}
          onInput={({ currentTarget }) => search(currentTarget.value)}
        />
        <span role="status">
          {words && `${count(found.length, 'page')} of ${book.faults.length + book.causes.length}`}
        </span>
      </search>
      {words ? (
        <ul class="contents">
          {found.map((page) => (
            <Entry key={`${page.kind}/${page.id}`} page={page} />
          ))}
        </ul>
      ) : (
        <>
          <Grouped title="Causes" pages={book.causes} group={({ category }) => category} />
          <Grouped title="Faults" pages={book.faults} group={({ phase }) => phase} />
        </>
      )}
    </>
  );
}

function Grouped<T extends Page>({
  title,
  pages,
  group,
}: {
  title: string;
  pages: T[];
  group: (page: T) => string;
}) {
  const groups = Map.groupBy(pages, group);
  return (
    <section class="section">
      <h2>{title}</h2>
      {[...groups].map(([name, within]) => (
        <section key={name} class="group">
          <h3>{name.replaceAll('-', ' ')}</h3>
          <ul class="contents">
            {within.map((page) => (
              <Entry key={page.id} page={page} />
            ))}
          </ul>
        </section>
      ))}
    </section>
  );
}

function Entry({ page }: { page: Page }) {
  const { kind, id, meaning } = page;
  return (
    <li>
      <a href={`#/${kind}/${id}`}>{page.kind === 'cause' ? page.title : <code>{id}</code>}</a>
      <span class="about">{meaning}</span>
    </li>
  );
}

/** Pages that hold every word; those whose name does first. */
function matching({ causes, faults }: Encyclopedia, words: string): Page[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const rank = (page: Page) => {
    const name = `${page.id} ${page.kind === 'cause' ? page.title : ''}`.toLowerCase();
    const all = JSON.stringify(page).toLowerCase();
    if (!wanted.every((word) => all.includes(word))) return 0;
    if (wanted.every((word) => name.includes(word))) return 3;
    return wanted.every((word) => page.meaning.toLowerCase().includes(word)) ? 2 : 1;
  };
  return [...causes, ...faults]
    .map((page) => ({ page, rank: rank(page) }))
    .filter(({ rank }) => rank > 0)
    .sort((one, other) => other.rank - one.rank)
    .map(({ page }) => page);
}

function Fault({ page }: { page: ExplainedFault }) {
  const { id, phase, meaning, parent, kinds = [], rfc9209, nel, causes } = page;
  return (
    <>
      <h1 tabIndex={-1}>
        <code>{id}</code>
      </h1>
      <p class="meaning">{meaning}</p>
      <dl class="facts">
        <Fact name="Phase">{phase.replaceAll('-', ' ')}</Fact>
        {parent && (
          <Fact name="A kind of">
            <FaultLink id={parent} />
          </Fact>
        )}
        {kinds.length > 0 && (
          <Fact name="Kinds">
            <Faults ids={kinds} />
          </Fact>
        )}
        {rfc9209 && (
          <Fact name="Proxy-Status">
            <code>{rfc9209}</code>
          </Fact>
        )}
        {nel && (
          <Fact name="NEL">
            <code>{nel}</code>
          </Fact>
        )}
      </dl>
      {causes.length > 0 && (
        <Part title="Causes before any evidence">
          <ul class="usual">
            {causes.map((cause) => (
              <li key={cause.id}>
                <CauseLink id={cause.id} /> <Share of={cause.confidence} />
              </li>
            ))}
          </ul>
        </Part>
      )}
    </>
  );
}

function Cause({ page }: { page: ExplainedCause }) {
  return (
    <>
      <h1 tabIndex={-1}>{page.title}</h1>
      <p class="meaning">{page.meaning}</p>
      <dl class="facts">
        <Fact name="Id">
          <code>{page.id}</code>
        </Fact>
        <Fact name="Category">{page.category}</Fact>
        <Fact name="Behind">
          <Faults ids={page.faults} />
        </Fact>
      </dl>
      <Part title="Check">
        <Checks checks={page.checks} few={page.checks.length} />
      </Part>
      <Part title="Change">
        <Remedies remedies={page.remedies} />
      </Part>
      <Settings settings={page.settings} />
      <List title="For it speaks" items={page.for} />
      <List title="Against it speaks" items={page.against} />
      <List title="Keep it from coming back" items={page.prevention} />
      <List title="Sources" items={page.sources} />
    </>
  );
}

/** Of each gateway in its own words. */
function Settings({ settings }: { settings: Setting[] }) {
  if (settings.length === 0) return null;
  const gateways = Map.groupBy(settings, ({ gateway }) => gateway);
  return (
    <Part title="Settings">
      {[...gateways].map(([gateway, own]) => (
        <section key={gateway} class="group">
          <h3>{gateway}</h3>
          <ul>
            {own.map((setting) => (
              <li key={setting.name}>
                <OneSetting setting={setting} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Part>
  );
}

function Faults({ ids }: { ids: string[] }) {
  return (
    <>
      {ids.map((id, at) => (
        <span key={id}>
          {at > 0 && ', '}
          <FaultLink id={id} />
        </span>
      ))}
    </>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="section">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function List({ title, items }: { title: string; items: string[] }) {
  if (items.length === 0) return null;
  return (
    <Part title={title}>
      <ul>
        {items.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
    </Part>
  );
}
