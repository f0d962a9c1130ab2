import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createRunTransaction } from '#kernel/firestore';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { streamHash } from '../streams/stream.ts';
import { firestore } from '../testing/firestore-log.ts';
import type { Stage } from '../testing/stream-plays.ts';
import { COUNTER, Play } from '../testing/stream-plays.ts';
import { steps } from '../testing/stream-steps.ts';
import { createFirestoreStreamSource } from './stream-source.ts';

const prefix = streamHash(COUNTER);

const stage: Stage = {
  runTransaction: createRunTransaction(firestore),
  source: (decode) => createFirestoreStreamSource(firestore, decode),
  rows: async () => {
    const { docs } = await firestore.collection('domain_events').get();
    return docs.filter(({ id }) => id.startsWith(prefix)).map((snapshot) => snapshot.data());
  },
  settle: (begin) => Promise.allSettled(begin()),
};

test('any sequence of appends, at once or not, snapshots and upcasts loads to what a plain list gives', async () => {
  let snapshots = 0;
  await fc.assert(
    fc.asyncProperty(steps, fc.integer({ min: 1, max: 5 }), async (all, snapshotEvery) => {
      await clearFirestore(firestore);
      await new Play(stage, snapshotEvery).run(all);
      snapshots += (await firestore.collection('snapshots').count().get()).data().count;
    }),
    // Contention makes the client wait for seconds: what fails is shown as it is, not made smaller.
    { numRuns: 12, endOnFailure: true },
  );
  expect(snapshots).toBeGreaterThan(2);
}, 240_000);
