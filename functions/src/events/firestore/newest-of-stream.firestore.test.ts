import { beforeEach, describe, expect, test } from '@jest/globals';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { measure } from '../../kernel/testing/meter.ts';
import { defaultHeadPathOf, streamEventId, streamHash } from '../streams/stream.ts';
import { aNote } from '../testing/an-event.ts';
import { testCatalog } from '../testing/catalog.ts';
import { codedErrorOf } from '../testing/failure.ts';
import { emit, firestore } from '../testing/firestore-log.ts';
import { createEventQueries } from './event-queries.ts';

const { newestOfStream } = createEventQueries(firestore, testCatalog);
const note = { orgId: 'org1', entityType: 'note', entityId: 'note1' };

beforeEach(() => clearFirestore(firestore));

async function append(count: number, said: object = {}): Promise<void> {
  const stream = { expectedVersion: 'any' } as const;
  for (let n = 0; n < count; n += 1) {
    await firestore.runTransaction((transaction) =>
      emit(aNote({ stream, ...said }), { transaction }),
    );
  }
}

async function newestVersion(orgId = note.orgId): Promise<number | undefined> {
  const newest = await newestOfStream({ ...note, orgId, headPathOf: defaultHeadPathOf });
  return newest?.streamVersion;
}

const eventOf = (version: number) =>
  firestore.doc(`domain_events/${streamEventId(streamHash(note), version)}`);

describe('the newest event of a stream', () => {
  test('is that, whatever was said of the entity since, for three reads', async () => {
    await append(3);
    await append(1, { orgId: 'org2' });
    await append(1, { entityId: 'note2' });
    await emit(aNote());
    expect(await newestVersion()).toBe(3);
    expect(await newestVersion('org2')).toBe(1);
    expect(await measure(firestore, () => newestVersion())).toMatchObject({ reads: 3 });
  });

  test('is none where there is no stream, for one read', async () => {
    await emit(aNote());
    const billed = await measure(firestore, async () => {
      expect(await newestVersion()).toBeUndefined();
    });
    expect(billed).toMatchObject({ reads: 1 });
  });

  test('is found where the first of them have left for the archive', async () => {
    await append(3);
    await Promise.all([1, 2].map((version) => eventOf(version).delete()));
    expect(await newestVersion()).toBe(3);
  });

  test('is never an older one, or none, where the stream is not what was written', async () => {
    await append(2);
    await eventOf(2).delete();
    expect((await codedErrorOf(() => newestVersion())).code).toBe('stream-broken');
    await firestore.doc(defaultHeadPathOf(note)).delete();
    expect((await codedErrorOf(() => newestVersion())).code).toBe('stream-broken');
    await eventOf(1).set({ is: 'no event' });
    expect((await codedErrorOf(() => newestVersion())).code).toBe('stream-broken');
  });
});
