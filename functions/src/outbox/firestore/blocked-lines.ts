import type { CollectionReference, QueryDocumentSnapshot } from 'firebase-admin/firestore';
import { buildQuery } from '#kernel/firestore';
import type { BlockedLine } from '../questions/job-answers.ts';
import { BLOCKING_QUERY, LINE_QUERY } from './queries.ts';
import { rowOf } from './row.ts';

/** How far those who wait are counted: what a line's count costs is one read. */
const MOST_WAITING = 999;

/** Lines behind dead letters; see `JobQuestions.blockedLines`. */
export async function findBlockedLines(
  rows: CollectionReference,
  limit: number,
): Promise<{ readonly lines: readonly BlockedLine[]; readonly truncated: boolean }> {
  const values = { equals: { blocking: true }, limit: limit + 1 };
  const { docs } = await buildQuery(rows, BLOCKING_QUERY, values).get();
  const lines = await Promise.all(docs.slice(0, limit).map((blocker) => lineOf(rows, blocker)));
  return { lines, truncated: docs.length > limit };
}

async function lineOf(
  rows: CollectionReference,
  blocker: QueryDocumentSnapshot,
): Promise<BlockedLine> {
  // A row that was edited by hand may block with any key at all, or none.
  const orderingKey = String(blocker.get('orderingKey'));
  const row = rowOf(blocker);
  const line = buildQuery(rows, LINE_QUERY, { equals: { orderingKey }, limit: MOST_WAITING + 1 });
  const { count } = (await line.count().get()).data();
  return {
    orderingKey,
    jobId: blocker.id,
    ...(row?.kind === 'job' ? { job: row.job } : { problem: row?.problem }),
    waiting: Math.max(count - 1, 0),
  };
}
