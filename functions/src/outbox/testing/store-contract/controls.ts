import { describe, expect, test } from '@jest/globals';
import type { DocumentData } from '#kernel';
import type { MakeStore } from './bench.ts';
import { openBench } from './bench.ts';

function slotsDocument(data: DocumentData) {
  return { kind: 'create', path: 'outbox_controls/slots', data } as const;
}

export function describeControls(makeStore: MakeStore): void {
  describe('controls', () => {
    test('say nothing of slots until somebody sets them, and always the server’s time', async () => {
      const { store } = await openBench(makeStore);
      const controls = await store.readControls();
      expect(controls).toEqual({
        slots: undefined,
        pauses: [],
        readAtMs: expect.any(Number),
      });
      const again = await store.readControls();
      expect(again.readAtMs).toBeGreaterThanOrEqual(controls.readAtMs);
    });

    test('name the slots in force', async () => {
      const { store, write } = await openBench(makeStore);
      await write([slotsDocument({ normal: 16, bulk: 6 })]);
      expect((await store.readControls()).slots).toEqual({ normal: 16, bulk: 6, draining: [] });
    });

    test('name the slots that are read until they are empty', async () => {
      const { store, write } = await openBench(makeStore);
      await write([slotsDocument({ normal: 8, bulk: 4, draining: [8, 1_004] })]);
      expect((await store.readControls()).slots?.draining).toEqual([8, 1_004]);
    });

    test.each<[string, DocumentData]>([
      ['no slot at all', { normal: 0, bulk: 4 }],
      ['half a slot', { normal: 1.5, bulk: 4 }],
      ['a text', { normal: '8', bulk: 4 }],
      ['only one of the two', { normal: 8 }],
    ])('that make no sense (%s) are as if there were none', async (_, data) => {
      const { store, write } = await openBench(makeStore);
      await write([slotsDocument(data)]);
      expect((await store.readControls()).slots).toBeUndefined();
    });
  });
}

export function describeEditControls(makeStore: MakeStore): void {
  describe('an edit of the controls', () => {
    const pause = { id: 'org:org1', orgId: 'org1', by: 'op', reason: 'why', atMs: 1 };

    test('is read back, and leaves alone what it does not change', async () => {
      const { store } = await openBench(makeStore);
      const slots = { normal: 4, bulk: 2, draining: [7] };
      await store.editControls((table) => ({ ...table, slots }));
      await store.editControls((table) => ({ ...table, pauses: [pause] }));
      expect(await store.readControls()).toMatchObject({ slots, pauses: [pause] });
    });

    test('is never lost to another at the same time', async () => {
      const { store } = await openBench(makeStore);
      const edits = ['a', 'b', 'c'].map((id) =>
        store.editControls((table) => ({ ...table, pauses: [...table.pauses, { ...pause, id }] })),
      );
      await Promise.all(edits);
      const { pauses } = await store.readControls();
      expect(pauses.map(({ id }) => id).toSorted()).toEqual(['a', 'b', 'c']);
    });

    test('keeps every field of a pause, and any text', async () => {
      const { store } = await openBench(makeStore);
      const whole = { ...pause, jobType: 'mail', reason: 'Störung 🎉', resumingSinceMs: 2 };
      await store.editControls((table) => ({ ...table, pauses: [whole] }));
      expect((await store.readControls()).pauses).toEqual([whole]);
    });

    test('is given what the one before it left', async () => {
      const { store } = await openBench(makeStore);
      const slots = { normal: 4, bulk: 2, draining: [] };
      await store.editControls((table) => ({ ...table, slots, pauses: [pause] }));
      const given: unknown[] = [];
      await store.editControls((table) => {
        given.push(table);
        return { slots: undefined, pauses: [] };
      });
      expect(given).toMatchObject([{ slots, pauses: [pause] }]);
      expect(await store.readControls()).toMatchObject({ slots: undefined, pauses: [] });
    });

    test('that throws changes nothing, and throws', async () => {
      const { store } = await openBench(makeStore);
      await store.editControls((table) => ({ ...table, pauses: [pause] }));
      const edit = store.editControls(() => {
        throw new Error('never mind');
      });
      await expect(edit).rejects.toThrow('never mind');
      expect((await store.readControls()).pauses).toEqual([pause]);
    });

    test('is done over slots that make no sense as if there were none', async () => {
      const { store, write } = await openBench(makeStore);
      await write([slotsDocument({ normal: 'many', pauses: [pause] })]);
      await store.editControls((table) => table);
      expect(await store.readControls()).toMatchObject({ slots: undefined, pauses: [pause] });
    });
  });
}
