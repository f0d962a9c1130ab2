import type { CollectionReference, Timestamp } from 'firebase-admin/firestore';
import { buildQuery } from '#kernel/firestore';
import type { DueJob } from '../questions/job-answers.ts';
import { DUE_QUERY } from './queries.ts';

/** As many values as Firestore takes in one question. */
const MAX_SLOTS_PER_QUERY = 30;

/** The job that has been due for the longest time; see `JobQuestions.oldestDue`. */
export async function findOldestDue(
  rows: CollectionReference,
  slots: readonly number[],
  nowMs: number,
): Promise<DueJob | undefined> {
  const queries = Math.ceil(slots.length / MAX_SLOTS_PER_QUERY);
  const found = await Promise.all(
    Array.from({ length: queries }, (_, index) => {
      const from = index * MAX_SLOTS_PER_QUERY;
      return oldestOf(rows, slots.slice(from, from + MAX_SLOTS_PER_QUERY), nowMs);
    }),
  );
  return found.flat().toSorted((a, b) => a.dueAtMs - b.dueAtMs)[0];
}

async function oldestOf(
  rows: CollectionReference,
  slots: readonly number[],
  nowMs: number,
): Promise<DueJob[]> {
  const values = { equals: { slot: slots }, fromMs: 0, throughMs: nowMs, limit: 1 };
  const { docs } = await buildQuery(rows, DUE_QUERY, values).get();
  return docs.map((snapshot) => ({
    jobId: snapshot.id,
    // Of a row that is no job, who knows.
    jobType: String(snapshot.get('jobType')),
    // The query asks for times only.
    dueAtMs: (snapshot.get('nextAttemptAt') as Timestamp).toMillis(),
  }));
}
