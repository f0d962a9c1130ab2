import { Timestamp } from 'firebase-admin/firestore';
import { openWorker, sweep } from '#outbox';
import { DAY_MS, SECOND_MS } from '#kernel';
import type { Operation } from '../../operations/index.ts';
import type { NewOperation } from '../../operations/operations.ts';
import { backend, firestore } from './backend.ts';

const { operations, processor, subscriptions } = backend;

/** Runs what is due. */
export async function tick(): Promise<void> {
  const handlers = subscriptions.handlersFor();
  const worker = openWorker(processor, { by: 'tick', handlers, budgetMs: 100_000 });
  await sweep(worker, { lastFromZeroElapsedMs: undefined });
}

/** Starts an operation and makes all its steps. */
export async function runOperation(
  said: Partial<NewOperation> & Pick<NewOperation, 'kind' | 'params'>,
): Promise<Operation> {
  const about = { by: 'ops', reason: 'It is old.', correlationId: 'request1' };
  const { id } = await operations.start({ ...about, rowsPerSecond: 1_000, ...said });
  await tick();
  return operations.get(id);
}

/** Makes every event look as if it had been recorded so long ago; of what it says nothing is other. */
export async function ageEvents(days: number): Promise<void> {
  const { docs } = await firestore.collection('domain_events').get();
  const batch = firestore.batch();
  for (const event of docs) {
    const { seconds, nanoseconds } = event.get('timestamp') as Timestamp;
    const before = seconds - days * (DAY_MS / SECOND_MS);
    batch.update(event.ref, { timestamp: new Timestamp(before, nanoseconds) });
  }
  await batch.commit();
}
