import { addWrite } from '#kernel/firestore';
import { openWorker, sweep } from '#outbox';
import type { Operation } from '../../operations/index.ts';
import type { NewOperation } from '../../operations/operations.ts';
import type { OutboxJob } from '../../outbox/model/job.ts';
import { createRow } from '../../outbox/record/record-job.ts';
import { aJob } from '../../outbox/testing/factories.ts';
import { backend, firestore } from './backend.ts';

const { operations, processor, subscriptions } = backend;
const FAILED_AT = Date.UTC(2026, 0, 1);

/** Writes rows as they are. */
export async function given(jobs: readonly OutboxJob[]): Promise<readonly OutboxJob[]> {
  for (let from = 0; from < jobs.length; from += 250) {
    const batch = firestore.batch();
    for (const job of jobs.slice(from, from + 250)) addWrite(firestore, batch, createRow(job));
    await batch.commit();
  }
  return jobs;
}

/** So many dead letters, whose attempts are spent. */
export function deadLetters(
  count: number,
  said: Partial<OutboxJob> = {},
): Promise<readonly OutboxJob[]> {
  return given(
    Array.from({ length: count }, (_, index) =>
      aJob({
        status: 'failed',
        attempts: 5,
        nextAttemptAt: undefined,
        failure: { reason: 'attempts-spent', at: FAILED_AT + index },
        ...said,
      }),
    ),
  );
}

/** Starts an operation; where nothing is said, one that sends all dead letters round again. */
export function start(said: Partial<NewOperation> = {}): Promise<Operation> {
  return operations.start({
    kind: 'redrive',
    params: { all: true },
    rowsPerSecond: 1_000,
    by: 'ops',
    reason: 'The sink is back.',
    correlationId: 'request1',
    ...said,
  });
}

/** One sweep, with time for all steps that there are. */
export async function tick(budgetMs = 100_000): Promise<void> {
  const handlers = subscriptions.handlersFor();
  const worker = openWorker(processor, { by: 'tick', handlers, budgetMs });
  await sweep(worker, { lastFromZeroElapsedMs: undefined });
}

/** How many rows were sent round again once. */
export async function redriven(): Promise<number> {
  const rows = firestore.collection('outbox').where('redrives', '==', 1);
  return (await rows.count().get()).data().count;
}

/** A row as it is stored. */
export async function rowOf({
  id,
}: Pick<OutboxJob, 'id'>): Promise<Readonly<Record<string, unknown>> | undefined> {
  return (await firestore.doc(`outbox/${id}`).get()).data();
}
