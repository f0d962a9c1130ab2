import { beforeEach, describe, expect, test } from '@jest/globals';
import { Timestamp } from 'firebase-admin/firestore';
import { addWrite, createDocumentReader } from '#kernel/firestore';
import { openWorker, redriveJob, sweep } from '#outbox';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import type { Operation } from '../operations/index.ts';
import { createStepHandler, purge } from '../operations/index.ts';
import type { OutboxJob } from '../outbox/model/job.ts';
import { createRow } from '../outbox/record/record-job.ts';
import { aJob } from '../outbox/testing/factories.ts';
import { backend, firestore } from './testing/backend.ts';

const { operations, processor, store, subscriptions } = backend;
const LONG_AGO = Timestamp.fromMillis(Date.UTC(2020, 0, 1));
const failure = { reason: 'permanent', at: Date.UTC(2020, 0, 1) } as const;

beforeEach(() => clearFirestore(firestore));

async function given(said: Partial<OutboxJob>, updatedAt = LONG_AGO): Promise<string> {
  const job = aJob({ status: 'failed', attempts: 5, nextAttemptAt: undefined, failure, ...said });
  const batch = firestore.batch();
  addWrite(firestore, batch, createRow(job));
  await batch.commit();
  await firestore.doc(`outbox/${job.id}`).update({ updatedAt });
  return job.id;
}

async function run(said: { readonly dryRun?: boolean } = {}): Promise<Operation> {
  const about = { by: 'ops', reason: 'They are old.', correlationId: 'request1' };
  const { id } = await operations.start({ kind: 'purge', params: {}, ...about, ...said });
  const handlers = subscriptions.handlersFor();
  const worker = openWorker(processor, { by: 'tick', handlers, budgetMs: 100_000 });
  await sweep(worker, { lastFromZeroElapsedMs: undefined });
  return operations.get(id);
}

async function left(): Promise<string[]> {
  const { docs } = await firestore.collection('outbox').where('jobType', '==', 'mail').get();
  return docs.map(({ id }) => id);
}

describe('a purge', () => {
  test('deletes what failed or was taken out long ago, and nothing else', async () => {
    await given({});
    await given({ status: 'cancelled', failure: undefined });
    const kept = [
      await given({}, Timestamp.now()),
      await given({ status: 'sent', failure: undefined }),
      await given({ orderingKey: 'mail:i1', sequence: 1, blocking: true }),
    ];
    const operation = await run();
    expect(operation).toMatchObject({ state: 'done', seen: 4, done: 2 });
    expect(operation.skipped).toEqual({ 'too-young': 1, 'in-a-line': 1 });
    expect((await left()).toSorted()).toEqual(kept.toSorted());
  });

  test('leaves all where it only counts', async () => {
    await given({});
    expect(await run({ dryRun: true })).toMatchObject({ done: 1 });
    expect(await left()).toHaveLength(1);
  });

  test('leaves what was sent round again since it was read, and does the rest when it is tried again', async () => {
    const [dead, other] = [await given({}), await given({})];
    const kind = purge({
      keepDays: 90,
      store: {
        scan: async (which, page) => {
          const found = await store.scan(which, page);
          if (which === 'failed') await redriveJob(store, dead);
          return found;
        },
      },
    });
    const { id } = await operations.start({
      kind: 'purge',
      params: {},
      by: 'ops',
      reason: 'They are old.',
      correlationId: 'request1',
    });
    const { clock } = processor;
    const reader = createDocumentReader(firestore);
    const steps = createStepHandler({ reader, kinds: new Map([[kind.kind, kind]]), clock });
    const handlers = (jobType: string) => (jobType === steps.jobType ? steps : undefined);
    const worker = openWorker(processor, { by: 'tick', handlers, budgetMs: 100_000 });
    await sweep(worker, { lastFromZeroElapsedMs: undefined });
    expect((await left()).toSorted()).toEqual([dead, other].toSorted());
    expect((await firestore.doc(`outbox/${dead}`).get()).get('status')).toBe('pending');
    expect(await operations.get(id)).toMatchObject({ state: 'running', done: 0 });
  });
});
