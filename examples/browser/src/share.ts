// A small case within a link: packed into the fragment, which browsers send to nobody.

/** How long a link may be to pass through chats and tickets. */
const LONGEST_LINK = 8000;
/** How much text a link may unpack to. */
export const LONGEST_CASE = 256 * 1024;

export class TooLong extends Error {
  override message = 'too long for a link';
}

export async function linkTo(text: string): Promise<string> {
  const packed = await through(new CompressionStream('deflate-raw'), new TextEncoder().encode(text));
  const letters = btoa(String.fromCharCode(...packed.slice(0, LONGEST_LINK)));
  const kept = letters.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const link = `${location.href.replace(/#.*/s, '')}#case=${kept}`;
  if (link.length > LONGEST_LINK) throw new TooLong();
  return link;
}

/** The text that a link holds; of a spoiled one nothing. */
export async function textOf(kept: string): Promise<string | undefined> {
  try {
    const letters = atob(kept.replaceAll('-', '+').replaceAll('_', '/'));
    const packed = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    const bytes = await through(new DecompressionStream('deflate-raw'), packed);
    return new TextDecoder().decode(bytes);
  } catch {
    return undefined;
  }
}

/** What comes out of a stream, up to the longest case. */
async function through(
  stream: CompressionStream | DecompressionStream,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (let step; length <= LONGEST_CASE && !(step = await reader.read()).done; ) {
    parts.push(step.value as Uint8Array<ArrayBuffer>);
    length += step.value.length;
  }
  await reader.cancel();
  const whole = new Uint8Array(await new Blob(parts).arrayBuffer());
  return whole.subarray(0, LONGEST_CASE);
}
