// The lines that a diagnosis rests on, with the words that tell marked.

import { useEffect, useReducer } from 'preact/hooks';
import type { Quote } from 'why502';
import { excerptsOf, fetchExcerpts } from '../excerpts';
import type { Excerpt } from '../worker/main';
import { Shown, many } from './text';

export function Evidence({ quotes }: { quotes: Quote[] }) {
  const excerpts = useExcerpts(quotes);
  return (
    <ol class="evidence">
      {excerpts.map((excerpt, at) => (
        <li key={at}>
          <Line excerpt={excerpt} decides={at === 0} />
        </li>
      ))}
    </ol>
  );
}

function useExcerpts(quotes: Quote[]): Excerpt[] {
  const [, draw] = useReducer((times: number) => times + 1, 0);
  const { excerpts, whole } = excerptsOf(quotes);
  useEffect(() => {
    if (!whole) void fetchExcerpts(quotes).then(() => draw(undefined));
  }, [quotes]);
  return excerpts;
}

function Line({ excerpt: { file, line, source, parts }, decides }: { excerpt: Excerpt; decides: boolean }) {
  const place = [file, line && `line ${many(line)}`].filter(Boolean).join(', ');
  const says = [...new Set(parts.flatMap((part) => ('text' in part && part.says) || []))];
  return (
    <figure class={decides ? 'quoted decides' : 'quoted'}>
      <figcaption>
        <span>
          <Shown text={place || source} />
          {place && ` · ${source}`}
        </span>
        <span class="says">{says.join(', ')}</span>
      </figcaption>
      <pre>
        {parts.map((part) =>
          'left' in part ? (
            <span class="left">… {many(part.left)} more characters …</span>
          ) : part.says ? (
            <mark>
              <Shown text={part.text} />
            </mark>
          ) : (
            <Shown text={part.text} />
          ),
        )}
      </pre>
    </figure>
  );
}
