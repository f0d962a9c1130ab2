import { addWrite } from '../../functions/src/kernel/firestore/index.ts';
import type { Firestore } from '../../functions/src/kernel/testing/emulator-firestore.ts';
import type { NewJob, SlotCounts } from '../../functions/src/outbox/index.ts';
import { DEFAULT_RETRY_POLICY, recordPendingJob } from '../../functions/src/outbox/index.ts';
import { EFFECTS } from './handlers.ts';

/** What a judge asks of a row. */
export interface Row {
  readonly id: string;
  readonly status: string;
  readonly attempts: number;
  readonly crashes: number;
  readonly runs: number;
  readonly runId?: string;
  readonly failure?: { readonly reason: string };
  readonly history: readonly { readonly runId: string; readonly outcome: string }[];
}

/** One run of a transactional job whose effects are there, in the order of their commits. */
export interface Effect {
  readonly runId: string;
  readonly jobId: string;
}

/** Commits new jobs, all or none, as an emitter does. */
export async function emitJobs(
  firestore: Firestore,
  jobs: readonly NewJob[],
  slots: SlotCounts,
): Promise<void> {
  const { maxAttempts } = DEFAULT_RETRY_POLICY;
  const batch = firestore.batch();
  for (const job of jobs) addWrite(firestore, batch, recordPendingJob(job, { slots, maxAttempts }));
  await batch.commit();
}

/** How many rows are not at their end. */
export async function countOpen(firestore: Firestore): Promise<number> {
  const open = firestore.collection('outbox').where('status', 'in', ['pending', 'processing']);
  return (await open.count().get()).data().count;
}

/** Whether a job that twice did not end is at its third start, or may be at any moment. */
export async function isThirdStartOut(firestore: Firestore): Promise<boolean> {
  const rows = await firestore.collection('outbox').where('crashes', '==', 2).limit(10).get();
  return rows.docs.some((row) => row.get('status') === 'processing');
}

export async function readRows(firestore: Firestore): Promise<Map<string, Row>> {
  const { docs } = await firestore.collection('outbox').get();
  return new Map(docs.map((row) => [row.id, row.data() as Row]));
}

export async function readEffects(firestore: Firestore): Promise<Effect[]> {
  const { docs } = await firestore.collection(EFFECTS).get();
  const inOrder = docs.toSorted((a, b) => compare(a.createTime, b.createTime));
  return inOrder.map((effect) => ({ runId: effect.id, jobId: String(effect.get('jobId')) }));
}

interface Instant {
  readonly seconds: number;
  readonly nanoseconds: number;
}

function compare(a: Instant, b: Instant): number {
  return a.seconds === b.seconds ? a.nanoseconds - b.nanoseconds : a.seconds - b.seconds;
}
