import type { Firestore, UpdateData } from 'firebase-admin/firestore';
import type { DocumentData } from '#kernel';
import { FAILED_PRECONDITION, grpcCode, NOT_FOUND, toFirestore } from '#kernel/firestore';
import type { OutboxJob } from '../model/job.ts';
import { OUTBOX } from '../record/record-job.ts';
import type { Fence } from '../store.ts';
import { updateFrom, updateTimeOf } from './row.ts';

/** Brings rows to new states, all or none: see `OutboxStore.writeAll`. */
export async function writeAll(
  firestore: Firestore,
  updates: readonly { readonly fence: Fence; readonly next: OutboxJob }[],
): Promise<boolean> {
  const batch = firestore.batch();
  for (const { fence, next } of updates) {
    const fields = toFirestore(updateFrom(fence, next)) as UpdateData<DocumentData>;
    const ref = firestore.collection(OUTBOX).doc(next.id);
    batch.update(ref, fields, { lastUpdateTime: updateTimeOf(fence) });
  }
  try {
    await batch.commit();
    return true;
  } catch (error) {
    const code = grpcCode(error);
    if (code === FAILED_PRECONDITION || code === NOT_FOUND) return false;
    throw error;
  }
}
