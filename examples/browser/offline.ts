import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

// Writes the service worker: src/service-worker.js with the list of what was built.
export function offline(): Plugin {
  let root = '';
  return {
    name: 'offline',
    apply: 'build',
    configResolved(config) {
      root = config.root;
    },
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const hash = createHash('sha256');
        const files = Object.keys(bundle);
        for (const file of files.toSorted()) {
          const built = bundle[file]!;
          hash.update(file).update(built.type === 'chunk' ? built.code : built.source);
        }
        const copied = readdirSync(join(root, 'public'), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name));
        for (const file of copied) hash.update(file).update(readFileSync(file));
        const all = [...files, ...copied.map((file) => file.slice(join(root, 'public/').length))];
        const source = readFileSync(join(root, 'src/service-worker.js'), 'utf8')
          .replace("'VERSION'", JSON.stringify(hash.digest('hex').slice(0, 16)))
          .replace("['FILES']", JSON.stringify(['./', ...all.toSorted()]));
        this.emitFile({ type: 'asset', fileName: 'service-worker.js', source });
      },
    },
  };
}
