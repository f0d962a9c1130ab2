import { beforeEach, expect, test } from '@jest/globals';
import type { LogEntry } from '#kernel';
import { systemIds } from '#kernel';
import { createRunTransaction } from '#kernel/firestore';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { measure } from '../../kernel/testing/meter.ts';
import type { Reducer } from '../aggregates/reducer.ts';
import { createStreams } from '../aggregates/load-aggregate.ts';
import { defaultHeadPath } from '../streams/stream.ts';
import { noteStream } from '../testing/event-rows.ts';
import { firestore, read } from '../testing/firestore-log.ts';
import { testCatalog, testEvents } from '../testing/catalog.ts';
import { planStream, recordedAt } from '../testing/planned-stream.ts';
import { writeAll } from '../testing/write-all.ts';
import { createFirestoreStreamSource } from './stream-source.ts';

const logged: LogEntry[] = [];
const streams = createStreams({
  source: createFirestoreStreamSource(firestore, testCatalog.decode),
  runTransaction: createRunTransaction(firestore),
  ids: systemIds,
  logger: { write: (entry) => void logged.push(entry) },
  snapshotEvery: 100,
});

/** The sum of the numbers noted, and when the last of them was said to be. */
const sum: Reducer<{ readonly sum: number; readonly last: Date | null }> = {
  name: 'sum',
  schemaVersion: 1,
  events: testEvents,
  initial: () => ({ sum: 0, last: null }),
  evolve: (state, { payload }) => {
    const { number, at } = (payload as { any: { number: number; at: Date } }).any;
    return { sum: state.sum + number, last: at };
  },
};

const note = { orgId: 'org1', entityType: 'note', entityId: 'note1' };
const said = (version: number) => ({
  payload: { any: { number: version, at: recordedAt(version) } },
});
const stateOf = (version: number) => ({
  state: { sum: (version * (version + 1)) / 2, last: recordedAt(version) },
  version,
});
const snapshotPath = `snapshots/${noteStream}-sum`;

beforeEach(async () => {
  await clearFirestore(firestore);
  logged.length = 0;
});

/** The stream as it is when only its first events have been appended. */
async function shorten(count: number): Promise<void> {
  const { head } = planStream(count, said);
  await firestore.doc(defaultHeadPath(noteStream)).set({ stream: head });
}

test('5,000 events are read page by page once; after that the last 100 at most', async () => {
  await writeAll(firestore, planStream(5_000, said).writes);
  await shorten(4_900);
  const load = () => streams.loadAggregate(sum, note);
  const first = await measure(firestore, async () => expect(await load()).toEqual(stateOf(4_900)));
  // The head, no snapshot, the events; then the snapshot is looked for again, and written.
  expect(first).toEqual({ reads: 1 + 1 + 4_900 + 1, writes: 1, deletes: 0 });

  const again = await measure(firestore, async () => expect(await load()).toEqual(stateOf(4_900)));
  expect(again).toEqual({ reads: 2, writes: 0, deletes: 0 });

  await shorten(4_999);
  const tail = await measure(firestore, async () => expect(await load()).toEqual(stateOf(4_999)));
  expect(tail).toEqual({ reads: 2 + 99, writes: 0, deletes: 0 });

  await shorten(5_000);
  const last = await measure(firestore, async () => expect(await load()).toEqual(stateOf(5_000)));
  expect(last).toEqual({ reads: 2 + 100 + 1, writes: 1, deletes: 0 });
  expect(await read(snapshotPath)).toMatchObject({ version: 5_000, schemaVersion: 1 });
  expect(logged).toEqual([]);
}, 120_000);

test('a short stream is its head and its events: no snapshot is looked for', async () => {
  await writeAll(firestore, planStream(7, said).writes);
  const billed = await measure(firestore, async () =>
    expect(await streams.loadAggregate(sum, note)).toEqual(stateOf(7)),
  );
  expect(billed).toEqual({ reads: 8, writes: 0, deletes: 0 });
});

test('any version and any time, before and after a snapshot', async () => {
  await writeAll(firestore, planStream(120, said).writes);
  await streams.loadAggregate(sum, note, { at: 110 });
  expect(await read(snapshotPath)).toMatchObject({ version: 110 });
  for (const at of [1, 99, 109, 110, 111, 120]) {
    expect(await streams.loadAggregate(sum, note, { at })).toEqual(stateOf(at));
    expect(await streams.loadAggregate(sum, note, { at: recordedAt(at) })).toEqual(stateOf(at));
  }
  expect(await read(snapshotPath)).toMatchObject({ version: 110 });
  expect(logged).toEqual([]);
});

test('of ten who keep a snapshot at once the newest stays', async () => {
  await writeAll(firestore, planStream(120, said).writes);
  const versions = [100, 120, 101, 119, 102, 118, 103, 117, 104, 116];
  const loads = versions.map((at) => streams.loadAggregate(sum, note, { at }));
  expect(await Promise.all(loads)).toEqual(versions.map(stateOf));
  expect(await read(snapshotPath)).toMatchObject({ version: 120, state: { sum: 7_260 } });
  expect(logged).toEqual([]);
}, 60_000);
