// Quotes within the lines that they stand in, clipped: a line may be gigantic.

import type { Quote } from 'why502';

export interface Excerpt {
  file: string | undefined;
  line: number | undefined;
  source: string;
  parts: Part[];
}

/** Text, with what it says where it is a quote; or how much is left out. */
export type Part = { text: string; says?: string[] } | { left: number };

/** How much of what is no quote is shown on either side of one. */
const BESIDE = 240;
/** How much of a quote is shown. */
const LONGEST_QUOTE = 2000;

/** Quotes of one line, which is the first of these lines. */
export function excerpt(quotes: Quote[], lines: string[]): Excerpt {
  const [{ file, line, source }] = quotes as [Quote];
  const text = lines.join('\n');
  const spans = quotes.flatMap((quote) => span(quote, text) ?? []);
  const alone = quotes.filter((quote) => !span(quote, text));
  const last = Math.max(0, ...spans.map(({ end }) => end));
  const end = text.indexOf('\n', last);
  const parts = spans.length > 0 ? marked(text.slice(0, end < 0 ? undefined : end), spans) : [];
  // What stands there in other words, such as a value put together, stands for itself.
  for (const quote of alone) {
    if (parts.length > 0) parts.push({ text: '\n' });
    parts.push(...clipped(quote.quote, [quote.says]));
  }
  return { file, line, source, parts };
}

interface Span {
  begin: number;
  end: number;
  says: string;
}

function span({ quote, says }: Quote, text: string): Span | undefined {
  // A long quote ends with dots of the report.
  const words = quote.replace(/\u2026$/, '').replace(/\r?\n/g, '\n').trimEnd();
  const begin = words ? text.indexOf(words) : -1;
  return begin < 0 ? undefined : { begin, end: begin + words.length, says };
}

function marked(text: string, spans: Span[]): Part[] {
  const edges = [0, text.length, ...spans.flatMap(({ begin, end }) => [begin, end])];
  const sorted = [...new Set(edges)].sort((one, other) => one - other);
  return sorted.slice(1).flatMap((end, at) => {
    const begin = sorted[at]!;
    const within = spans.filter((each) => each.begin <= begin && each.end >= end);
    const says = [...new Set(within.map((each) => each.says))];
    const part = text.slice(begin, end);
    return says.length > 0 ? clipped(part, says) : between(part, end === text.length);
  });
}

function clipped(text: string, says: string[]): Part[] {
  if (text.length <= LONGEST_QUOTE) return [{ text, says }];
  return [
    { text: whole(text.slice(0, LONGEST_QUOTE)), says },
    { left: text.length - LONGEST_QUOTE },
  ];
}

/** Text beside quotes: what is far from them is left out. The beginning of a line is never. */
function between(text: string, last: boolean): Part[] {
  if (text.length <= 2 * BESIDE) return [{ text }];
  const parts: Part[] = [
    { text: whole(text.slice(0, BESIDE)) },
    { left: text.length - (last ? 1 : 2) * BESIDE },
  ];
  return last ? parts : [...parts, { text: text.slice(-BESIDE) }];
}

/** Without the half of a letter at its end. */
function whole(text: string): string {
  return text.replace(/[\ud800-\udbff]$/, '');
}
