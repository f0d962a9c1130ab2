import type { DocumentSnapshot, Timestamp } from 'firebase-admin/firestore';
import type { Fence, Row } from '../store.ts';
import { decodeJob, isInLine } from '../record/job-codec.ts';

/** In this store a fence is the row's `updateTime`. */
export function fenceOf(updateTime: Timestamp): Fence {
  return updateTime as unknown as Fence;
}

/** The `lastUpdateTime` that a fence stands for here. */
export function updateTimeOf(fence: Fence): Timestamp {
  return fence as unknown as Timestamp;
}

/** A row as read from its snapshot; undefined where the document does not exist. */
export function rowOf(snapshot: DocumentSnapshot): Row | undefined {
  if (snapshot.updateTime === undefined) return undefined;
  const fence = fenceOf(snapshot.updateTime);
  const { id } = snapshot;
  const data = snapshot.data();
  const decoded = decodeJob(id, data);
  return decoded.kind === 'job'
    ? { ...decoded, fence }
    : { ...decoded, id, fence, isInLine: isInLine(data) };
}

/** Whether the row is still as the fence says. */
export function isUnchanged(row: Row | undefined, fence: Fence): boolean {
  return row !== undefined && updateTimeOf(row.fence).isEqual(updateTimeOf(fence));
}
