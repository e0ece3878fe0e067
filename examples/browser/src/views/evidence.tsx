// The lines that a diagnosis rests on, with the words that tell marked.

import { useEffect, useState } from 'preact/hooks';
import type { Quote } from 'why502';
import { engine } from '../engine';
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

/** At first the quotes alone, so that nothing moves by much when their lines are there. */
function useExcerpts(quotes: Quote[]): Excerpt[] {
  const [found, find] = useState<{ of: Quote[]; excerpts: Excerpt[] }>();
  useEffect(() => {
    let wanted = true;
    void engine()
      .excerpts(quotes)
      .then((excerpts) => wanted && find({ of: quotes, excerpts }));
    return () => void (wanted = false);
  }, [quotes]);
  if (found?.of === quotes) return found.excerpts;
  return quotes.map(({ file, line, source, quote, says }) => ({
    file,
    line,
    source,
    parts: [{ text: quote, says: [says] }],
  }));
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
