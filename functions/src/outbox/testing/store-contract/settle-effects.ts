import { describe, expect, test } from '@jest/globals';
import type { DocumentWrite } from '#kernel';
import { DELETE_FIELD, SERVER_TIME } from '#kernel';
import { createRow } from '../../record/record-job.ts';
import { aJob, aRunningJob } from '../factories.ts';
import type { Bench, MakeStore } from './bench.ts';
import { claimed, effects, failedOnce, openBench, pathOf, sent } from './bench.ts';

async function settleWith(bench: Bench, ...writes: readonly DocumentWrite[]) {
  const row = await bench.given(aRunningJob());
  return bench.store.settle(row.fence, sent(row.job), effects({ writes }));
}

export function describeEffects(makeStore: MakeStore): void {
  describe('an effect', () => {
    test('that sets a document leaves nothing of what it was', async () => {
      const bench = await openBench(makeStore);
      await bench.write([{ kind: 'create', path: 'things/t', data: { a: 1, b: 1 } }]);
      await settleWith(bench, { kind: 'set', path: 'things/t', data: { b: 2 } });
      expect(await bench.read('things/t')).toEqual({ b: 2 });
    });

    test.each(['update', 'merge'] as const)('that is an %s takes out fields', async (kind) => {
      const bench = await openBench(makeStore);
      await bench.write([{ kind: 'create', path: 'things/t', data: { a: 1, b: 1 } }]);
      await settleWith(bench, { kind, path: 'things/t', data: { a: DELETE_FIELD, c: 3 } });
      expect(await bench.read('things/t')).toEqual({ b: 1, c: 3 });
    });

    test.each(['update', 'merge'] as const)('that is an %s replaces whole maps', async (kind) => {
      const bench = await openBench(makeStore);
      await bench.write([{ kind: 'create', path: 'things/t', data: { map: { a: 1 }, b: 1 } }]);
      await settleWith(bench, { kind, path: 'things/t', data: { map: { c: 3 } } });
      expect(await bench.read('things/t')).toEqual({ map: { c: 3 }, b: 1 });
    });

    test('may hold the time of the commit, at any depth, the same everywhere', async () => {
      const bench = await openBench(makeStore);
      const data = { at: SERVER_TIME, deep: { at: SERVER_TIME } };
      await settleWith(bench, { kind: 'create', path: 'things/t', data });
      const stored = await bench.read('things/t');
      expect(stored?.['at']).toBeDefined();
      expect(stored?.['deep']).toEqual({ at: stored?.['at'] });
    });

    test('that deletes what is not there does no harm', async () => {
      const bench = await openBench(makeStore);
      const result = await settleWith(bench, { kind: 'delete', path: 'things/none' });
      expect(result.kind).toBe('settled');
    });

    test('may follow another on the same document', async () => {
      const bench = await openBench(makeStore);
      const path = 'things/t';
      await settleWith(
        bench,
        { kind: 'create', path, data: { a: 1 } },
        { kind: 'update', path, data: { b: 2 } },
        { kind: 'merge', path, data: { c: 3 } },
      );
      expect(await bench.read(path)).toEqual({ a: 1, b: 2, c: 3 });
    });

    test('may hold any text and any id', async () => {
      const bench = await openBench(makeStore);
      const data = { Gruß: '日本語 🎉', empty: '', long: 'x'.repeat(50_000), lines: 'a\nb\u0000' };
      await settleWith(bench, { kind: 'create', path: 'things/ünï 🎉', data });
      expect(await bench.read('things/ünï 🎉')).toEqual(data);
    });

    test('is one of hundreds, all or none', async () => {
      const bench = await openBench(makeStore);
      const paths = Array.from({ length: 300 }, (_, n) => `things/t${n}`);
      const writes = paths.map((path) => ({ kind: 'create', path, data: { path } }) as const);
      expect((await settleWith(bench, ...writes)).kind).toBe('settled');
      expect((await Promise.all(paths.map(bench.exists))).every(Boolean)).toBe(true);
    });
  });
}

export function describeSettleEnds(makeStore: MakeStore): void {
  describe('a settle', () => {
    test('may leave the row to be tried again, or dead, with effects as well', async () => {
      const bench = await openBench(makeStore);
      const [retried, dead] = [await bench.given(aRunningJob()), await bench.given(aRunningJob())];
      const noteOf = (id: string) =>
        effects({ writes: [{ kind: 'create', path: `things/${id}`, data: {} }] });
      const failed = { ...sent(dead.job), status: 'failed', sentAt: undefined } as const;
      await bench.store.settle(retried.fence, failedOnce(retried.job), noteOf('retried'));
      await bench.store.settle(dead.fence, failed, noteOf('dead'));
      expect((await bench.row(retried.job.id)).job.status).toBe('pending');
      expect((await bench.row(dead.job.id)).job.status).toBe('failed');
      expect(await bench.exists('things/retried')).toBe(true);
      expect(await bench.exists('things/dead')).toBe(true);
    });

    test('that was refused leaves the fence as it was: the failure can be recorded by it', async () => {
      const bench = await openBench(makeStore);
      const row = await bench.given(aRunningJob());
      const bad = { kind: 'update', path: 'things/none', data: { a: 1 } } as const;
      const refused = await bench.store.settle(
        row.fence,
        sent(row.job),
        effects({ writes: [bad] }),
      );
      expect(refused.kind).toBe('refused');
      expect((await bench.store.write(row.fence, failedOnce(row.job))).kind).toBe('written');
    });

    test('that creates the same document twice is refused', async () => {
      const bench = await openBench(makeStore);
      const twin = { kind: 'create', path: 'things/t', data: {} } as const;
      expect((await settleWith(bench, twin, twin)).kind).toBe('refused');
      expect(await bench.exists('things/t')).toBe(false);
    });

    test('makes the fence of its claim worthless', async () => {
      const bench = await openBench(makeStore);
      const row = await bench.given(aRunningJob());
      await bench.store.settle(row.fence, sent(row.job), effects());
      const late = await bench.store.write(row.fence, claimed(row.job));
      expect(late).toEqual({ kind: 'lost' });
    });

    test('leaves out a child that waits already, and runs it for nobody', async () => {
      const bench = await openBench(makeStore);
      const row = await bench.given(aRunningJob());
      const child = aJob();
      await bench.write([createRow(child)]);
      const said = effects({ started: [claimed(child)] });
      const result = await bench.store.settle(row.fence, sent(row.job), said);
      expect(result).toEqual({ kind: 'settled', started: [] });
      expect((await bench.row(child.id)).job.status).toBe('pending');
    });

    test('on a row that is no job any more is lost', async () => {
      const bench = await openBench(makeStore);
      const row = await bench.given(aRunningJob());
      await bench.write([{ kind: 'merge', path: pathOf(row.job), data: { status: 'odd' } }]);
      const writes = [{ kind: 'create', path: 'things/t', data: {} } as const];
      const result = await bench.store.settle(row.fence, sent(row.job), effects({ writes }));
      expect(result).toEqual({ kind: 'lost' });
      expect(await bench.exists('things/t')).toBe(false);
    });

    test('of two at the same time on one row, one holds, with its effects alone', async () => {
      const bench = await openBench(makeStore);
      const row = await bench.given(aRunningJob());
      const settles = ['one', 'two'].map((id) => {
        const started = claimed(row.job);
        const writes = [{ kind: 'create', path: `things/${id}`, data: {} } as const];
        return bench.store.settle(row.fence, sent(started), effects({ writes }));
      });
      const kinds = (await Promise.all(settles)).map(({ kind }) => kind);
      expect(kinds.toSorted()).toEqual(['lost', 'settled']);
      const written = await Promise.all(['things/one', 'things/two'].map(bench.exists));
      expect(written).toEqual(kinds.map((kind) => kind === 'settled'));
    });
  });
}
