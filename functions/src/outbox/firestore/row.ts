import type { DocumentSnapshot, Timestamp } from 'firebase-admin/firestore';
import type { DocumentData } from '#kernel';
import type { OutboxJob } from '../model/job.ts';
import { wasOnlyMoved } from '../model/landed.ts';
import { decodeJob, isInLine } from '../record/job-codec.ts';
import { encodeJobUpdate } from '../record/job-document.ts';
import type { Fence, Row } from '../store.ts';

/** In this store a fence is the row's `updateTime`, and the job that was stored then, where it was one. */
interface Seen {
  readonly updateTime: Timestamp;
  readonly stored: OutboxJob | undefined;
}

export function fenceOf(updateTime: Timestamp, stored?: OutboxJob): Fence {
  const seen: Seen = { updateTime, stored };
  return seen as unknown as Fence;
}

/** The `lastUpdateTime` that a fence stands for here. */
export function updateTimeOf(fence: Fence): Timestamp {
  return (fence as unknown as Seen).updateTime;
}

/** What a row has to be told to be `next`, if it still is as the fence says. */
export function updateFrom(fence: Fence, next: OutboxJob): DocumentData {
  return encodeJobUpdate(next, (fence as unknown as Seen).stored);
}

/** A row as read from its snapshot; undefined where the document does not exist. */
export function rowOf(snapshot: DocumentSnapshot): Row | undefined {
  if (snapshot.updateTime === undefined) return undefined;
  const { id, updateTime } = snapshot;
  const data = snapshot.data();
  const decoded = decodeJob(id, data);
  return decoded.kind === 'job'
    ? { ...decoded, fence: fenceOf(updateTime, decoded.job) }
    : { ...decoded, id, fence: fenceOf(updateTime), isInLine: isInLine(data) };
}

/** Whether the row is still as the fence says. */
export function isUnchanged(row: Row | undefined, fence: Fence): boolean {
  return row !== undefined && updateTimeOf(row.fence).isEqual(updateTimeOf(fence));
}

/** The same write on a row that was only moved to another slot since; undefined where it was not. */
export function movedSince(
  row: Row | undefined,
  { fence, next }: { readonly fence: Fence; readonly next: OutboxJob },
): { readonly fence: Fence; readonly next: OutboxJob } | undefined {
  if (row?.kind !== 'job') return undefined;
  if (!wasOnlyMoved(row.job, (fence as unknown as Seen).stored)) return undefined;
  return { fence: row.fence, next: { ...next, slot: row.job.slot } };
}
