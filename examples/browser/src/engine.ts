// The worker that holds the engine, as functions that answer promises.

import { wrap, type Remote } from 'comlink';
import type { Encyclopedia, Engine } from './worker/main';
import address from './worker/main?worker&url';

interface Policy {
  createScriptURL(url: string): string;
}
const plain: Policy = { createScriptURL: (url) => url };
const policy = (
  globalThis as { trustedTypes?: { createPolicy(name: string, rules: Policy): Policy } }
).trustedTypes?.createPolicy('why502', plain);

/** A script's address, as one of the page's own. */
export const trusted = (url: string): string => (policy ?? plain).createScriptURL(url);

let worker: Worker | undefined;
let remote: Promise<Remote<Engine>> | undefined;
let pages: Promise<Encyclopedia> | undefined;

// A worker that is loaded from its file has no policy of its own; one that begins as a blob has the
// page's: it can send nothing anywhere either. All that it needs is within its one file, since not
// every browser asks the service worker on behalf of a blob.
async function begin(): Promise<Remote<Engine>> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`the engine could not be loaded: status ${response.status}`);
  const script = new Blob([await response.blob()], { type: 'text/javascript' });
  worker = new Worker(trusted(URL.createObjectURL(script)));
  return wrap<Engine>(worker);
}

export function engine(): Promise<Remote<Engine>> {
  remote ??= begin();
  // What failed once may work with the next try.
  remote.catch(() => (remote = undefined));
  return remote;
}

/** Ends a worker that does not listen any more. What was read is gone. */
export function giveUp(): void {
  worker?.terminate();
  remote = undefined;
  pages = undefined;
}

/** Every fault and cause in full. */
export function encyclopedia(): Promise<Encyclopedia> {
  return (pages ??= engine().then((ready) => ready.encyclopedia()));
}
