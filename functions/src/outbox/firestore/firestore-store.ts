import type { Firestore } from 'firebase-admin/firestore';
import { FAILED_PRECONDITION, grpcCode, NOT_FOUND, toFirestore } from '#kernel/firestore';
import type { OutboxJob } from '../model/job.ts';
import { hasLanded } from '../model/landed.ts';
import { CONTROLS_PATH, decodeControls, encodeControls } from '../record/controls-document.ts';
import { encodePark } from '../record/job-document.ts';
import { OUTBOX } from '../record/record-job.ts';
import type { Fence, MalformedRow, OutboxStore, WriteResult } from '../store.ts';
import { ConditionalWriter } from './conditional-writer.ts';
import { createReads } from './reads.ts';
import { fenceOf, isUnchanged, movedSince, rowOf, updateFrom, updateTimeOf } from './row.ts';
import { settleInOneCommit } from './settle.ts';
import { settleInTransaction } from './transact.ts';
import { writeAll } from './write-all.ts';

/** The outbox in Firestore. Builds on nothing but the given client and starts no I/O by itself. */
export function createFirestoreOutboxStore(firestore: Firestore): OutboxStore {
  const writer = new ConditionalWriter(firestore);
  return {
    ...createReads(firestore),

    editControls: (edit) =>
      firestore.runTransaction(async (transaction) => {
        const ref = firestore.doc(CONTROLS_PATH);
        const table = decodeControls((await transaction.get(ref)).data());
        transaction.set(ref, toFirestore(encodeControls(edit(table))));
      }),

    write: (fence, next) => write(firestore, writer, { fence, next }),

    writeAll: (moves) => writeAll(firestore, moves),
    settle: (fence, next, effects) => settleInOneCommit(firestore, fence, next, effects),
    transact: (row, work) => settleInTransaction(firestore, row, work),
    park: (row, nowMs) => park(writer, row, nowMs),
  };
}

async function write(
  firestore: Firestore,
  writer: ConditionalWriter,
  { fence, next }: { readonly fence: Fence; readonly next: OutboxJob },
): Promise<WriteResult> {
  const ref = firestore.collection(OUTBOX).doc(next.id);
  const update = { path: ref.path, data: updateFrom(fence, next) };
  try {
    const writtenAt = await writer.update({ ...update, lastUpdateTime: updateTimeOf(fence) });
    return { kind: 'written', row: { kind: 'job', job: next, fence: fenceOf(writtenAt, next) } };
  } catch (error) {
    const row = rowOf(await ref.get());
    if (row?.kind === 'job' && hasLanded(row.job, next)) return { kind: 'written', row };
    if (isUnchanged(row, fence)) throw error;
    const moved = movedSince(row, { fence, next });
    return moved === undefined ? { kind: 'lost' } : write(firestore, writer, moved);
  }
}

async function park(writer: ConditionalWriter, row: MalformedRow, nowMs: number): Promise<void> {
  const data = encodePark(row, nowMs);
  const path = `${OUTBOX}/${row.id}`;
  try {
    await writer.update({ path, data, lastUpdateTime: updateTimeOf(row.fence) });
  } catch (error) {
    const code = grpcCode(error);
    // Mended or deleted since it was read: there is nothing to park any more.
    if (code !== FAILED_PRECONDITION && code !== NOT_FOUND) throw error;
  }
}
