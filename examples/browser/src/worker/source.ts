// What was brought, as one run of lines that can be gone back to.

import type { Quote } from 'why502';
import { excerpt, type Excerpt } from './excerpt';

interface Opened {
  name: string | undefined;
  blob: Blob;
  /** The number of its first line within all that is read. */
  first: number;
}

/** Where a chunk begins, and the number of the line that goes on there. */
interface Mark {
  file: Opened;
  at: number;
  line: number;
}

const NEWLINE = 10;
const PARTS_TOGETHER = 256;
/** How far behind a mark a line is looked for: chunks are smaller. */
const FARTHEST = 8 * 1024 * 1024;
/** How much of a line is looked at, and how many lines. */
const LONGEST = 1024 * 1024;
const FOLLOWING = 60;

export class Source {
  readonly size: number;
  #files: Opened[];
  #marks: Mark[] = [];

  private constructor(files: Opened[]) {
    this.#files = files;
    this.size = files.reduce((sum, file) => sum + file.blob.size, 0);
  }

  /** Files as they are, or packed by gzip. */
  static async of(files: File[]): Promise<Source> {
    const named = new Map<string, number>();
    const opened: Opened[] = [];
    for (const file of files) {
      const times = (named.get(file.name) ?? 0) + 1;
      named.set(file.name, times);
      const name = times > 1 ? `${file.name} (${times})` : file.name || undefined;
      opened.push({ name, blob: await unpacked(file), first: Infinity });
    }
    // What waits of a first log is kept until the second is there, as far as there is room: the
    // smaller one, mostly the error log, goes first.
    return new Source(opened.sort((one, other) => one.blob.size - other.blob.size));
  }

  /** All of it, chunk by chunk; files are parted by a line's end. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    let line = 1;
    for (const file of this.#files) {
      file.first = line;
      let at = 0;
      let last = NEWLINE;
      const reader = file.blob.stream().getReader();
      try {
        for (let step; !(step = await reader.read()).done; ) {
          this.#marks.push({ file, at, line });
          at += step.value.length;
          line += newlines(step.value);
          last = step.value.at(-1) ?? last;
          yield step.value;
        }
      } finally {
        await reader.cancel();
      }
      if (last !== NEWLINE) {
        line += 1;
        yield Uint8Array.of(NEWLINE);
      }
    }
  }

  /** The beginning of it, as text. */
  text(most: number): Promise<string> {
    return new Blob(this.#files.flatMap((file) => [file.blob, '\n'])).slice(0, most).text();
  }

  /** Says of quotes in which file they stand, and in which line of it. */
  place(quotes: Quote[]): void {
    for (const quote of quotes) {
      const { line } = quote;
      const file = line && this.#files.findLast((each) => each.first <= line);
      if (!file) continue;
      if (file.name) quote.file = file.name;
      quote.line = line - file.first + 1;
    }
  }

  /** Quotes within their lines; those of one line together. */
  async excerpts(quotes: Quote[]): Promise<Excerpt[]> {
    const lines = Map.groupBy(quotes, ({ file, line, quote }) => `${file}:${line ?? quote}`);
    return Promise.all(
      [...lines.values()].map(async (group) => {
        const { file, line } = group[0]!;
        return excerpt(group, line ? await this.#lines(file, line) : []);
      }),
    );
  }

  /** The lines that quotes stand in, whole: enough to tell again what they tell. */
  async lines(quotes: Quote[], most: number): Promise<string> {
    const places = Map.groupBy(quotes, ({ file, line }) => `${file}:${line}`);
    const texts = await Promise.all(
      [...places.values()].map(async ([quote]) => {
        if (!quote!.line) return quote!.quote;
        return (await this.#lines(quote!.file, quote!.line))[0] ?? quote!.quote;
      }),
    );
    return texts.map((text) => text.slice(0, most)).join('\n');
  }

  /** The line, and some that follow it, for a record may be several lines. */
  async #lines(name: string | undefined, line: number): Promise<string[]> {
    const file = this.#files.find((each) => each.name === name);
    if (!file) return [];
    const number = file.first + line - 1;
    // A chunk may begin within a line: the line begins behind a mark of one before it.
    const mark = this.#marks.findLast(
      (each) => each.file === file && (each.line < number || each.at === 0),
    );
    if (!mark) return [];
    const near = file.blob.slice(mark.at, mark.at + FARTHEST);
    const bytes = new Uint8Array(await near.arrayBuffer());
    let begin = 0;
    for (let left = number - mark.line; left > 0; left -= 1) {
      begin = bytes.indexOf(NEWLINE, begin) + 1;
      if (begin === 0) return [];
    }
    const text = new TextDecoder().decode(bytes.subarray(begin, begin + LONGEST));
    return text.split(/\r?\n/, FOLLOWING);
  }
}

function newlines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}

/** What gzip packed is unpacked once, so that lines can be gone back to. */
async function unpacked(file: Blob): Promise<Blob> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  if (first !== 0x1f || second !== 0x8b) return file;
  const reader = file.stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  let whole = new Blob();
  let parts: BlobPart[] = [];
  for (let step; !(step = await reader.read()).done; ) {
    parts.push(step.value as BlobPart);
    // The browser keeps a blob where it likes, and not all of it here.
    if (parts.length === PARTS_TOGETHER) {
      whole = new Blob([whole, ...parts]);
      parts = [];
    }
  }
  return new Blob([whole, ...parts]);
}
