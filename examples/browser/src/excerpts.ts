// Quotes within their lines, fetched once: before an answer is shown where that is known, so that
// nothing moves.

import type { Quote } from 'why502';
import { engine } from './engine';
import type { Excerpt } from './worker/main';

const fetched = new WeakMap<Quote[], Excerpt[]>();

/** What was fetched already; otherwise the quotes without their lines. */
export function excerptsOf(quotes: Quote[]): { excerpts: Excerpt[]; whole: boolean } {
  const excerpts = fetched.get(quotes);
  if (excerpts) return { excerpts, whole: true };
  return {
    excerpts: quotes.map(({ file, line, source, quote, says }) => ({
      file,
      line,
      source,
      parts: [{ text: quote, says: [says] }],
    })),
    whole: false,
  };
}

export async function fetchExcerpts(quotes: Quote[]): Promise<void> {
  if (!fetched.has(quotes)) fetched.set(quotes, await (await engine()).excerpts(quotes));
}
