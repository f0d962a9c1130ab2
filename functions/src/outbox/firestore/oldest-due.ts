import type { CollectionReference, Timestamp } from 'firebase-admin/firestore';
import { buildQuery } from '#kernel/firestore';
import type { DueJob } from '../questions/job-answers.ts';
import { DUE_QUERY } from './queries.ts';

/** As many values as Firestore takes in one question. */
const MAX_SLOTS_PER_QUERY = 30;

/** How many of the longest due rows are looked at for the types among them. */
const LOOK_AT = 200;

/** The job that has been due for the longest time; see `JobQuestions.oldestDue`. */
export async function findOldestDue(
  rows: CollectionReference,
  slots: readonly number[],
  nowMs: number,
): Promise<DueJob | undefined> {
  return (await findLongestDue(rows, slots, { nowMs, limit: 1 }))[0];
}

/** When the oldest job of each type was due; see `JobQuestions.oldestDueByType`. */
export async function findOldestDueByType(
  rows: CollectionReference,
  slots: readonly number[],
  nowMs: number,
): Promise<ReadonlyMap<string, number>> {
  const due = await findLongestDue(rows, slots, { nowMs, limit: LOOK_AT });
  // The oldest of a type is set last.
  return new Map(due.toReversed().map(({ jobType, dueAtMs }) => [jobType, dueAtMs]));
}

interface Asked {
  readonly nowMs: number;
  readonly limit: number;
}

async function findLongestDue(
  rows: CollectionReference,
  slots: readonly number[],
  asked: Asked,
): Promise<DueJob[]> {
  const queries = Math.ceil(slots.length / MAX_SLOTS_PER_QUERY);
  const found = await Promise.all(
    Array.from({ length: queries }, (_, index) => {
      const from = index * MAX_SLOTS_PER_QUERY;
      return longestOf(rows, slots.slice(from, from + MAX_SLOTS_PER_QUERY), asked);
    }),
  );
  return found.flat().toSorted((a, b) => a.dueAtMs - b.dueAtMs);
}

async function longestOf(
  rows: CollectionReference,
  slots: readonly number[],
  { nowMs, limit }: Asked,
): Promise<DueJob[]> {
  const values = { equals: { slot: slots }, fromMs: 0, throughMs: nowMs, limit };
  const { docs } = await buildQuery(rows, DUE_QUERY, values).get();
  return docs.map((snapshot) => ({
    jobId: snapshot.id,
    // Of a row that is no job, who knows.
    jobType: String(snapshot.get('jobType')),
    // The query asks for times only.
    dueAtMs: (snapshot.get('nextAttemptAt') as Timestamp).toMillis(),
  }));
}
