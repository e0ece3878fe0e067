// What wasm-bindgen writes is a module with one instance of the engine in its variables. Here it
// becomes the body of a function, so that there can be any number: one for each log, and a new one
// where one trapped. A log's memory goes with its instance: nothing in it is to be freed, least of
// all behind a trap, so there is no registry of what to free.

export function factory(glue) {
  const names = [...glue.matchAll(/^export (?:class|function) (\w+)/gm)].map(([, name]) => name);
  const body = glue.replace(/^export (?=class|function)/gm, '');
  if (/^(?:export|import)\b/m.test(body)) {
    throw new Error('the glue has another shape than wasm-bindgen gives it');
  }
  // What the module imports is named alike; the rest is called.
  const imports = names.filter((name) => name.startsWith('__wb') && name !== '__wbg_set_wasm');
  const calls = names.filter((name) => !name.startsWith('__wb'));
  return `// Written by factory.mjs, of what wasm-bindgen wrote.
import { Why502Error } from './error.js';

export function instance(module) {
  const FinalizationRegistry = undefined;
${body}
  const imports = { './why502_bg.js': { ${imports.join(', ')} } };
  const { exports } = new WebAssembly.Instance(module, imports);
  __wbg_set_wasm(exports);
  exports.__wbindgen_start();
  return { memory: exports.memory, ${calls.join(', ')} };
}
`;
}
