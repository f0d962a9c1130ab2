import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Ids } from '#kernel';
import type { ArchiveStorage } from './storage.ts';

/** What is still being written begins so, and is no file yet. */
const UNFINISHED = '.unfinished-';

/** Files in a folder of this machine, which is made when the first is written: for one machine, so never deployed. */
export function createLocalDirectory(root: string, ids: Pick<Ids, 'documentId'>): ArchiveStorage {
  return {
    put: async (path, bytes) => {
      const target = join(root, path);
      const unfinished = join(dirname(target), `${UNFINISHED}${ids.documentId()}`);
      await mkdir(dirname(target), { recursive: true });
      try {
        await writeThrough(unfinished, bytes);
        // Fails where the file is there, and is all or nothing where it is not.
        await link(unfinished, target);
        return 'written';
      } catch (error) {
        if (codeOf(error) === 'EEXIST') return 'there-already';
        throw error;
      } finally {
        await rm(unfinished, { force: true });
      }
    },
    get: async (path) => {
      try {
        return await readFile(join(root, path));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    list: async ({ prefix, after = '', limit }) => {
      const paths = await filesIn(root, prefix);
      return paths
        .filter((path) => path > after)
        .toSorted(byCharacters)
        .slice(0, limit);
    },
    folders: async (prefix) => {
      const below = (await filesIn(root, prefix)).map((path) => path.slice(prefix.length));
      const nested = below.filter((path) => path.includes('/'));
      const names = nested.map((path) => path.slice(0, path.indexOf('/')));
      return [...new Set(names)].toSorted(byCharacters);
    },
  };
}

/** Paths of UTF-16 sort as Cloud Storage sorts theirs: they have no other characters than ASCII. */
function byCharacters(a: string, b: string): number {
  return a < b ? -1 : 1;
}

async function writeThrough(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function filesIn(root: string, prefix: string): Promise<string[]> {
  try {
    const entries = await readdir(join(root, prefix), { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && !entry.name.startsWith(UNFINISHED))
      .map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '');
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
