import { catalog } from '../../functions/src/composition/catalog.ts';
import { systemIds } from '../../functions/src/kernel/index.ts';
import { clearFirestore } from '../../functions/src/kernel/testing/clear-firestore.ts';
import type { Billed } from '../../functions/src/kernel/testing/meter.ts';
import { measure } from '../../functions/src/kernel/testing/meter.ts';
import { openWorker, runJobsNow, sweep } from '../../functions/src/outbox/index.ts';
import { createEventLoader } from '../../functions/src/events/firestore/index.ts';
import { billedPerOne } from '../results.ts';
import { backend, firestore } from './backend.ts';
import { anEvent } from './emit-forms.ts';
import { seed } from './seed.ts';
import { sink } from './sink.ts';

/** What each path bills; exact, and the same on every machine. */
export interface Operations {
  readonly emit: Billed;
  readonly idleTick: Billed;
  /** One external job of a tick that runs a hundred, without what the tick bills anyway. */
  readonly sweptJob: Billed;
  /** The trigger of an event whose `notif` job finds one recipient, with the controls at hand. */
  readonly fastPath: Billed;
}

const SWEPT_JOBS = 100;
const BUDGET_MS = 88_000;

export async function countOperations(): Promise<Operations> {
  await clearFirestore(firestore);
  const emit = await measure(firestore, () => backend.emit(anEvent()));
  await seed({ jobs: 0, streams: undefined });
  const idleTick = await measure(firestore, tick);
  await seed({ jobs: SWEPT_JOBS, streams: undefined });
  const busyTick = await measure(firestore, tick);
  // Where a page has rows, the query is no longer billed for having found none.
  const sweptJobs = { ...busyTick, reads: busyTick.reads - (idleTick.reads - 1) };
  const sweptJob = billedPerOne(sweptJobs, SWEPT_JOBS);
  return { emit, idleTick, sweptJob, fastPath: await countFastPath() };
}

async function tick(): Promise<void> {
  const worker = openWorker(backend.processor, {
    by: 'tick',
    handlers: () => sink,
    budgetMs: BUDGET_MS,
  });
  await sweep(worker, { lastFromZeroElapsedMs: undefined });
}

async function countFastPath(): Promise<Billed> {
  await clearFirestore(firestore);
  const admin = { uid: 'ada', email: 'ada@example.test', role: 'admin' };
  await firestore.doc('orgs/org1/members/ada').set(admin);
  // Without a matter it is for the organization's admins.
  const { matterId: _, ...event } = anEvent();
  const { eventId, jobIds } = await backend.emit({ ...event, entityId: systemIds.documentId() });
  const loaded = await createEventLoader(firestore, catalog)(eventId);
  if (loaded === undefined) throw new Error('The event just emitted is not there.');
  await backend.processor.controls.read();
  const handlers = backend.subscriptions.handlersFor(loaded);
  const worker = openWorker(backend.processor, { by: 'trigger', handlers, budgetMs: BUDGET_MS });
  return measure(firestore, async () => {
    const ends = await runJobsNow(worker, jobIds);
    if (ends.join(' ') !== 'sent sent')
      throw new Error(`One recipient was not told: ${ends.join()}`);
  });
}
