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
let remote: Remote<Engine> | undefined;
let pages: Promise<Encyclopedia> | undefined;

// A worker that is loaded from its file has no policy of its own; one that begins as a blob has the
// page's: it can send nothing anywhere either.
function begin(): Remote<Engine> {
  const file = new URL(address, document.baseURI).href;
  const bootstrap = new Blob([`import ${JSON.stringify(file)};`], { type: 'text/javascript' });
  worker = new Worker(trusted(URL.createObjectURL(bootstrap)), { type: 'module' });
  return wrap<Engine>(worker);
}

export function engine(): Remote<Engine> {
  return (remote ??= begin());
}

/** Ends a worker that does not listen any more. What was read is gone. */
export function giveUp(): void {
  worker?.terminate();
  remote = undefined;
  pages = undefined;
}

/** Every fault and cause in full. */
export function encyclopedia(): Promise<Encyclopedia> {
  return (pages ??= engine().encyclopedia());
}
