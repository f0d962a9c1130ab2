import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { PLANTS } from './plants.ts';

const OUTBOX_FOLDER = new URL('../../../', import.meta.url);

/** Puts one bug into the engine for the rest of this process; nothing of it may be loaded yet. */
export function plant(name: string): void {
  const found = PLANTS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no plant called "${name}".`);
  const url = new URL(found.file, OUTBOX_FOLDER).href;
  const source = readFileSync(fileURLToPath(url), 'utf8');
  if (source.split(found.find).length !== 2) {
    throw new Error(`"${found.find}" must occur exactly once in ${found.file}.`);
  }
  registerHooks({
    load: (loaded, context, nextLoad) =>
      loaded === url
        ? {
            format: 'module-typescript',
            source: source.replace(found.find, () => found.put),
            shortCircuit: true,
          }
        : nextLoad(loaded, context),
  });
}
