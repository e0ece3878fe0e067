// Cuts the catalogue out of a module's data: the engine without it, and a file of pieces that are
// copied into its memory before a report is made. The module itself says where they are: in lines of
// an address and a size.

const DATA = 11;
const DATA_COUNT = 12;

export function split(module, told) {
  const places = merged(placesOf(told));
  const sections = [];
  const words = [];
  let segments = 0;
  for (const { id, body } of sectionsOf(module)) {
    if (id !== DATA) {
      sections.push({ id, body });
      continue;
    }
    const kept = segmentsOf(body).flatMap((segment) => without(segment, places, words));
    segments = kept.length;
    sections.push({ id, body: concat([leb(segments), ...kept.map(segmentBytes)]) });
  }
  const count = sections.find(({ id }) => id === DATA_COUNT);
  if (count) count.body = leb(segments);
  const header = module.subarray(0, 8);
  const engine = sections.flatMap(({ id, body }) => [Uint8Array.of(id), leb(body.length), body]);
  return { engine: concat([header, ...engine]), words: concat(words.flatMap(piece)) };
}

// A piece of the words: address, length, bytes; numbers as 32 bits, the lowest first.
function piece({ at, bytes }) {
  return [new Uint8Array(Uint32Array.of(at, bytes.length).buffer), bytes];
}

function placesOf(told) {
  const lines = told.trim().split('\n');
  return lines.map((line) => line.split(' ').map(Number)).map(([at, len]) => [at, at + len]);
}

function merged(places) {
  const all = [];
  for (const [begin, end] of places.sort((a, b) => a[0] - b[0])) {
    const last = all.at(-1);
    if (last && begin <= last[1]) last[1] = Math.max(last[1], end);
    else if (begin < end) all.push([begin, end]);
  }
  return all;
}

// What is left of a segment; what is cut out of it goes to the words.
function without({ at, bytes }, places, words) {
  const kept = [];
  let from = at;
  const end = at + bytes.length;
  const keep = (to) => to > from && kept.push({ at: from, bytes: bytes.subarray(from - at, to - at) });
  for (const [begin, stop] of places) {
    if (stop <= from || begin >= end) continue;
    const cut = [Math.max(begin, from), Math.min(stop, end)];
    keep(cut[0]);
    words.push({ at: cut[0], bytes: bytes.subarray(cut[0] - at, cut[1] - at) });
    from = cut[1];
  }
  keep(end);
  return kept;
}

function* sectionsOf(module) {
  const read = reader(module, 8);
  while (read.at < module.length) {
    const id = read.byte();
    yield { id, body: read.bytes(read.number()) };
  }
}

// Active segments of memory 0, each at a constant: the linker writes no others.
function segmentsOf(body) {
  const read = reader(body, 0);
  return Array.from({ length: read.number() }, () => {
    const [flags, constant] = [read.number(), read.byte()];
    const at = read.number();
    if (flags !== 0 || constant !== 0x41 || read.byte() !== 0x0b) {
      throw new Error('the data has another shape than the linker gives it');
    }
    return { at, bytes: read.bytes(read.number()) };
  });
}

function segmentBytes({ at, bytes }) {
  return concat([Uint8Array.of(0, 0x41), signed(at), Uint8Array.of(0x0b), leb(bytes.length), bytes]);
}

function reader(bytes, at) {
  return {
    at,
    byte() {
      return bytes[this.at++];
    },
    number() {
      let number = 0;
      for (let shift = 0; ; shift += 7) {
        const byte = this.byte();
        number += (byte & 0x7f) * 2 ** shift;
        if (byte < 0x80) return number;
      }
    },
    bytes(length) {
      return bytes.subarray(this.at, (this.at += length));
    },
  };
}

function leb(number) {
  const bytes = [];
  for (; number >= 0x80; number = Math.floor(number / 0x80)) bytes.push((number % 0x80) | 0x80);
  return Uint8Array.of(...bytes, number);
}

// A positive number as a signed one: its highest bit must be clear.
function signed(number) {
  const bytes = leb(number);
  const last = bytes.length - 1;
  return bytes[last] & 0x40
    ? Uint8Array.of(...bytes.subarray(0, last), bytes[last] | 0x80, 0)
    : bytes;
}

function concat(parts) {
  return new Uint8Array(Buffer.concat(parts));
}
