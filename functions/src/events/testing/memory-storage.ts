import type { ArchiveStorage } from '../archive/storage.ts';

/** Files in a map. */
export class MemoryStorage implements ArchiveStorage {
  readonly files = new Map<string, Uint8Array>();

  readonly put: ArchiveStorage['put'] = async (path, bytes) => {
    if (this.files.has(path)) return 'there-already';
    this.files.set(path, bytes);
    return 'written';
  };

  readonly get: ArchiveStorage['get'] = async (path) => this.files.get(path);

  readonly list: ArchiveStorage['list'] = async ({ prefix, after = '', limit }) =>
    this.#paths(prefix)
      .filter((path) => path > after)
      .slice(0, limit);

  readonly folders: ArchiveStorage['folders'] = async (prefix) => [
    ...new Set(this.#paths(prefix).map((path) => path.slice(prefix.length).split('/')[0] ?? '')),
  ];

  #paths(prefix: string): string[] {
    const paths = [...this.files.keys()].filter((path) => path.startsWith(prefix));
    return paths.toSorted((a, b) => (a < b ? -1 : 1));
  }
}
