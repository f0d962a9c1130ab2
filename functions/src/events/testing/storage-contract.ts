import { describe, expect, test } from '@jest/globals';
import type { ArchiveStorage } from '../archive/storage.ts';

/** As paths of ASCII sort. */
const byCharacters = (a: string, b: string): number => (a < b ? -1 : 1);
const bytes = (text: string): Uint8Array => Buffer.from(text);
const textOf = (file: Uint8Array | undefined): string | undefined =>
  file && Buffer.from(file).toString('utf8');

const isSame = (file: Uint8Array | undefined, all: Uint8Array): boolean =>
  file !== undefined && Buffer.from(file).equals(all);

/** What every storage promises. Each test has a folder of its own in one and the same storage. */
export function describeStorage(name: string, open: () => ArchiveStorage): void {
  describe(`files in ${name}`, () => {
    test('gives a file back byte for byte, and none where there is none', async () => {
      const storage = open();
      const all = Uint8Array.from({ length: 70_000 }, (_, index) => index % 256);
      expect(await storage.put('bytes/a.gz', all)).toBe('written');
      expect(isSame(await storage.get('bytes/a.gz'), all)).toBe(true);
      expect(await storage.get('bytes/b.gz')).toBeUndefined();
      expect(await storage.get('none/of/these')).toBeUndefined();
    });

    test('keeps what is there, however often it is written', async () => {
      const storage = open();
      expect(await storage.put('once/a', bytes('first'))).toBe('written');
      expect(await storage.put('once/a', bytes('second'))).toBe('there-already');
      expect(textOf(await storage.get('once/a'))).toBe('first');
    });

    test('lets one of many who write at once have written, and gives back what that one wrote', async () => {
      const storage = open();
      const texts = Array.from({ length: 8 }, (_, index) => `writer ${index}`);
      const ends = await Promise.all(texts.map((text) => storage.put('race/a', bytes(text))));
      expect(ends.filter((end) => end === 'written')).toHaveLength(1);
      expect(textOf(await storage.get('race/a'))).toBe(texts[ends.indexOf('written')]);
      expect(await storage.list({ prefix: 'race/', limit: 10 })).toEqual(['race/a']);
    });

    test('lists what begins with a prefix in order, page by page, and nothing else', async () => {
      const storage = open();
      const names = ['b-2', 'a', 'b/1', 'b', 'c', 'b-10'].map((path) => `list/of/${path}x`);
      for (const path of names) await storage.put(path, bytes('x'));
      await storage.put('list/other', bytes('x'));
      const sorted = names.toSorted(byCharacters);
      const prefix = 'list/of/';
      expect(await storage.list({ prefix, limit: 10 })).toEqual(sorted);
      expect(await storage.list({ prefix, limit: 2 })).toEqual(sorted.slice(0, 2));
      const after = sorted[1];
      expect(await storage.list({ prefix, after, limit: 3 })).toEqual(sorted.slice(2, 5));
      expect(await storage.list({ prefix, after: sorted.at(-1), limit: 3 })).toEqual([]);
      expect(await storage.list({ prefix: 'list/none/', limit: 3 })).toEqual([]);
    });

    test('names the folders in a folder, each once and in order', async () => {
      const storage = open();
      for (const path of ['b/x', 'a/deep/x', 'b/y', 'c']) {
        await storage.put(`folders/${path}`, bytes('x'));
      }
      expect(await storage.folders('folders/')).toEqual(['a', 'b']);
      expect(await storage.folders('folders/a/deep/')).toEqual([]);
      expect(await storage.folders('folders/none/')).toEqual([]);
    });
  });
}
