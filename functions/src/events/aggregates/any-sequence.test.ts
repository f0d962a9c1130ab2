import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { streamHash } from '../streams/stream.ts';
import { ContendingDocuments } from '../testing/contending-documents.ts';
import type { Stage } from '../testing/stream-plays.ts';
import { COUNTER, Play } from '../testing/stream-plays.ts';
import { steps } from '../testing/stream-steps.ts';

/** A database in memory; what happens together, happens in the order that the scheduler makes up. */
function openStage(scheduler: fc.Scheduler, pageSize: number) {
  const documents = new ContendingDocuments();
  const hash = streamHash(COUNTER);
  const stage: Stage = {
    runTransaction: documents.runTransaction,
    source: (decode) => documents.source(decode, pageSize),
    rows: async () =>
      [...documents.byPath]
        .filter(([path]) => path.startsWith(`domain_events/${hash}`))
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([, data]) => data),
    settle: async (begin) => {
      documents.pause = () => scheduler.schedule(Promise.resolve());
      const ends = await scheduler.waitFor(Promise.allSettled(begin()));
      documents.pause = async () => {};
      return ends;
    },
  };
  return { stage, documents };
}

test('any sequence of appends, at once or not, snapshots and upcasts loads to what a plain list gives', async () => {
  const seen = { snapshots: 0, events: 0, contended: 0 };
  await fc.assert(
    fc.asyncProperty(
      steps,
      fc.scheduler(),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 4 }),
      async (all, scheduler, snapshotEvery, pageSize) => {
        const { stage, documents } = openStage(scheduler, pageSize);
        await new Play(stage, snapshotEvery).run(all);
        const paths = [...documents.byPath.keys()];
        seen.snapshots += paths.filter((path) => path.startsWith('snapshots/')).length;
        seen.events += (await stage.rows()).length;
        seen.contended += documents.rerun;
      },
    ),
    { numRuns: 300 },
  );
  expect(seen.snapshots).toBeGreaterThan(100);
  expect(seen.events).toBeGreaterThan(1_000);
  expect(seen.contended).toBeGreaterThan(30);
}, 120_000);
