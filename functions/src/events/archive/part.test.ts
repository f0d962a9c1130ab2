import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { codedErrorOf } from '../testing/failure.ts';
import { MemoryStorage } from '../testing/memory-storage.ts';
import { readPart, writePart } from './files.ts';
import type { ArchivedLine } from './part.ts';
import { encodePart } from './part.ts';

const DAY = '2030-01-31';

function aLine(id: string, fields: ArchivedLine['fields'] = {}): ArchivedLine {
  return { id, recordedAt: `${DAY}T10:15:30.123456000Z`, fields };
}

async function written(lines: readonly ArchivedLine[]) {
  const storage = new MemoryStorage();
  const part = await encodePart('org1', DAY, lines);
  await writePart(storage, part);
  return { storage, part, path: part.manifestPath };
}

describe('a part', () => {
  test('is named by its day, its first event’s time and what is in it, with all of it said beside it', async () => {
    const { part } = await written([aLine('a'), aLine('b')]);
    const name = /^events\/v1\/org1\/2030-01-31\/101530123456000-[0-9a-f]{16}$/;
    expect(part.manifest.path.replace('.ndjson.gz', '')).toMatch(name);
    expect(part.manifestPath.replace('.manifest.json', '')).toMatch(name);
    expect(part.manifest).toMatchObject({
      formatVersion: 1,
      orgId: 'org1',
      day: DAY,
      events: 2,
      first: { id: 'a' },
      last: { id: 'b', recordedAt: `${DAY}T10:15:30.123456000Z` },
    });
  });

  test('comes back as it was, whatever is in it', async () => {
    const fields = fc.dictionary(fc.string(), fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(fc.array(fields, { minLength: 1, maxLength: 5 }), async (all) => {
        const lines = all.map((each, index) => aLine(`e${index}`, each));
        const { storage, path } = await written(lines);
        const back = (await readPart(storage, path)).lines;
        expect(JSON.stringify(back)).toBe(JSON.stringify(lines));
      }),
      { examples: [[[JSON.parse('{"__proto__": 1}')]]] },
    );
  });

  test('is the same files again, and other events are others', async () => {
    const { storage, part } = await written([aLine('a')]);
    const before = [...storage.files.keys()];
    await writePart(storage, await encodePart('org1', DAY, [aLine('a')]));
    expect([...storage.files.keys()]).toEqual(before);
    const other = await encodePart('org1', DAY, [aLine('a', { more: 1 })]);
    expect(other.manifest.path).not.toBe(part.manifest.path);
  });
});

describe('a file of the archive', () => {
  test('with any byte changed is refused by its path', async () => {
    const { storage, part, path } = await written([aLine('a', { n: 1 }), aLine('b')]);
    for (const changed of [part.manifest.path, path]) {
      const whole = storage.files.get(changed) ?? new Uint8Array();
      for (let at = 0; at < whole.length; at += 1) {
        const copy = Uint8Array.from(whole);
        copy[at] = (copy[at] ?? 0) ^ 1;
        storage.files.set(changed, copy);
        const error = await codedErrorOf(() => readPart(storage, path));
        expect([error.code, error.problems[0]?.path]).toEqual(['archive-damaged', changed]);
      }
      storage.files.set(changed, whole);
    }
    expect((await readPart(storage, path)).lines).toHaveLength(2);
  });

  test('that is not there, is cut short or is another’s is refused by its path', async () => {
    const { storage, part, path } = await written([aLine('a')]);
    const cut = { ...part.manifest, path: part.manifest.path };
    const whole = storage.files.get(cut.path) ?? new Uint8Array();
    storage.files.set(cut.path, whole.slice(0, -1));
    expect(await codedErrorOf(() => readPart(storage, path))).toMatchObject({
      code: 'archive-damaged',
    });
    storage.files.delete(cut.path);
    const gone = await codedErrorOf(() => readPart(storage, path));
    expect(gone.problems).toEqual([{ path: cut.path, message: 'it is not there' }]);
    const elsewhere = path.replace(DAY, '2030-02-01');
    storage.files.set(elsewhere, storage.files.get(path) ?? whole);
    const moved = await codedErrorOf(() => readPart(storage, elsewhere));
    expect(moved.problems).toEqual([
      { path: elsewhere, message: 'it is the manifest of another part' },
    ]);
  });

  test('that says another thing under its name stops what would have been written', async () => {
    const storage = new MemoryStorage();
    const part = await encodePart('org1', DAY, [aLine('a')]);
    storage.files.set(part.manifest.path, Buffer.from('not this'));
    const error = await codedErrorOf(() => writePart(storage, part));
    expect(error.code).toBe('archive-damaged');
    expect(storage.files.has(part.manifestPath)).toBe(false);
  });
});
