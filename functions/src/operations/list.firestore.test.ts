import { beforeEach, expect, test } from '@jest/globals';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { openEmulatorFirestore } from '../kernel/testing/emulator-firestore.ts';
import { measure } from '../kernel/testing/meter.ts';
import { createListOperations } from './firestore.ts';
import { anOperation } from './testing/an-operation.ts';

const firestore = openEmulatorFirestore();
const list = createListOperations(firestore);

beforeEach(() => clearFirestore(firestore));

/** `startedMs`: two of one time are told apart by their ids. */
async function given(id: string, startedMs: number, said: object = {}): Promise<void> {
  const { id: _, ...data } = anOperation({ startedAt: new Date(startedMs), ...said });
  await firestore.doc(`operations/${id}`).create(data);
}

async function ids(query: Parameters<typeof list>[0]): Promise<string[]> {
  const page = await list(query);
  const found = page.operations.map(({ id }) => id);
  if (page.nextCursor === undefined) return found;
  return [...found, '|', ...(await ids({ ...query, cursor: page.nextCursor }))];
}

test('operations are listed page by page, the newest first', async () => {
  await given('b', 1_000);
  await given('a', 1_000);
  await given('c', 2_000, { state: 'done' });
  expect(await ids({ limit: 2 })).toEqual(['c', 'b', '|', 'a']);
  expect(await ids({ limit: 1, state: 'running' })).toEqual(['b', '|', 'a', '|']);
});

test('one that was cancelled while a step was stopping it is listed as cancelled', async () => {
  await given('a', 1_000, { state: 'stopped', wanted: 'cancelled' });
  await given('b', 2_000, { state: 'stopped', wanted: 'paused' });
  expect(await ids({ limit: 10, state: 'paused' })).toEqual(['b']);
  expect(await ids({ limit: 10, state: 'cancelled' })).toEqual(['a']);
});

test('a page costs a read for each, and leaves out what is none', async () => {
  await given('a', 1_000);
  await firestore.doc('operations/b').create({ startedAt: new Date(2_000), state: 'mended' });
  const billed = await measure(firestore, () => ids({ limit: 10 }));
  expect(billed.reads).toBe(2);
  expect(await ids({ limit: 10 })).toEqual(['a']);
});

test('a cursor belongs to its query', async () => {
  await given('a', 1_000);
  const { nextCursor } = await list({ limit: 1 });
  for (const cursor of [nextCursor, 'nonsense']) {
    const other = list({ limit: 1, state: 'done', cursor });
    await expect(other).rejects.toMatchObject({ code: 'bad-cursor' });
  }
});
