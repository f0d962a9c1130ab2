import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SOURCE = join(import.meta.dirname, '..', '..');

/** A file of this package, by its path under `src/`. */
export interface SourceFile {
  readonly path: string;
  readonly absolutePath: string;
  readonly text: string;
}

/** Every file that is deployed: tests and what only they use are left out. */
export function productFiles(): SourceFile[] {
  return readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts') && !/\.test\.ts$|(^|\/)(testing|memory)\//.test(path))
    .map((path) => {
      const absolutePath = join(SOURCE, path);
      return { path, absolutePath, text: readFileSync(absolutePath, 'utf8') };
    });
}
