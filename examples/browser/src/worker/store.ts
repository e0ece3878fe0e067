// Diagnoses kept outside the heap, as the browser keeps files: a log may hold a million.

const TOGETHER = 1024;

export class Store {
  #blobs: Blob[] = [];
  /** Where each diagnosis begins within its blob, and where the last one ends. */
  #edges: number[][] = [];
  #waiting: Uint8Array[] = [];
  #encoder = new TextEncoder();

  add(diagnosis: unknown): void {
    this.#waiting.push(this.#encoder.encode(`${JSON.stringify(diagnosis)}\n`));
    if (this.#waiting.length === TOGETHER) this.#keep();
  }

  async at(number: number): Promise<string> {
    this.#keep();

    let within = number;
    for (const [index, edges] of this.#edges.entries()) {
      if (within < edges.length - 1) {
        return this.#blobs[index]!.slice(edges[within], edges[within + 1]).text();
      }
      within -= edges.length - 1;
    }
    throw new RangeError(`there is no exchange ${number}`);
  }

  /** One a line. */
  all(): Blob {
    this.#keep();
    return new Blob(this.#blobs, { type: 'application/x-ndjson' });
  }

  #keep(): void {
    if (this.#waiting.length === 0) return;
    const edges = [0];
    for (const each of this.#waiting) edges.push(edges.at(-1)! + each.length);
    this.#blobs.push(new Blob(this.#waiting as BlobPart[]));
    this.#edges.push(edges);
    this.#waiting = [];
  }
}
