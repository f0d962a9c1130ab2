import type { Firestore, UpdateData, WriteBatch } from 'firebase-admin/firestore';
import type { DocumentData } from '#kernel';
import { FAILED_PRECONDITION, grpcCode, NOT_FOUND, toFirestore } from '#kernel/firestore';
import { OUTBOX } from '../record/record-job.ts';
import type { Move } from '../store.ts';
import { updateFrom, updateTimeOf } from './row.ts';

/** Brings rows to new states, all or none: see `OutboxStore.writeAll`. */
export async function writeAll(firestore: Firestore, moves: readonly Move[]): Promise<boolean> {
  const batch = firestore.batch();
  for (const move of moves) addMove(firestore, batch, move);
  try {
    await batch.commit();
    return true;
  } catch (error) {
    const code = grpcCode(error);
    if (code === FAILED_PRECONDITION || code === NOT_FOUND) return false;
    throw error;
  }
}

/** Adds a row's new state to a batch, on the condition that the row is as its fence says. */
export function addMove(firestore: Firestore, batch: WriteBatch, { fence, next }: Move): void {
  const fields = toFirestore(updateFrom(fence, next)) as UpdateData<DocumentData>;
  const ref = firestore.collection(OUTBOX).doc(next.id);
  batch.update(ref, fields, { lastUpdateTime: updateTimeOf(fence) });
}
