import type {
  CollectionReference,
  QueryDocumentSnapshot,
  Timestamp,
} from 'firebase-admin/firestore';
import { z } from 'zod';
import type { TimePosition } from '#kernel';
import { decodeCursor, decodeTimeCursor, encodeCursor, encodeTimeCursor } from '#kernel';
import { buildQuery } from '#kernel/firestore';
import type { DeadLetterQuery, JobPage, JobQuery } from '../questions/job-query.ts';
import { planDeadLetters, planJobs } from '../questions/job-query.ts';
import { rowOf } from './row.ts';

const idPlace = z.tuple([z.string().min(1).max(1_500)]);

/** A page of rows by their ids; see `JobQuestions.list`. */
export async function listJobs(rows: CollectionReference, asked: JobQuery): Promise<JobPage> {
  const { shape, equals, limit, name } = planJobs(asked);
  const { cursor } = asked;
  const [afterId] = cursor === undefined ? [] : decodeCursor(name, cursor, idPlace);
  const { docs } = await buildQuery(rows, shape, { equals, afterId, limit }).get();
  const last = docs.length < limit ? undefined : docs.at(-1);
  return { ...readRows(docs), nextCursor: last && encodeCursor(name, [last.id]) };
}

/** A page of dead letters, newest first; see `JobQuestions.deadLetters`. */
export async function listDeadLetters(
  rows: CollectionReference,
  asked: DeadLetterQuery,
): Promise<JobPage> {
  const { docs, nextCursor } = await pageOfDeadLetters(rows, asked);
  return { ...readRows(docs), nextCursor };
}

/** A page as it is stored, and when it was read. */
interface DeadLetterDocuments {
  readonly docs: readonly QueryDocumentSnapshot[];
  readonly nextCursor: string | undefined;
  readonly readAtMs: number;
}

/** As `listDeadLetters`, with the documents themselves. */
export async function pageOfDeadLetters(
  rows: CollectionReference,
  asked: DeadLetterQuery,
): Promise<DeadLetterDocuments> {
  const { shape, equals, limit, name, fromMs, throughMs } = planDeadLetters(asked);
  const { cursor } = asked;
  const query = buildQuery(rows, shape, {
    equals,
    fromMs,
    ...(throughMs === undefined ? {} : { throughMs }),
    after: cursor === undefined ? undefined : decodeTimeCursor(name, cursor),
    limit,
  });
  const { docs, readTime } = await query.get();
  const last = docs.length < limit ? undefined : docs.at(-1);
  const nextCursor = last && encodeTimeCursor(name, positionOf(last));
  return { docs, nextCursor, readAtMs: readTime.toMillis() };
}

/** The query asks for times only. */
function positionOf(snapshot: QueryDocumentSnapshot): TimePosition {
  const { seconds, nanoseconds } = snapshot.get('failure.at') as Timestamp;
  return { seconds, nanoseconds, id: snapshot.id };
}

function readRows(docs: readonly QueryDocumentSnapshot[]): Pick<JobPage, 'jobs' | 'malformed'> {
  const found = docs.flatMap((snapshot) => rowOf(snapshot) ?? []);
  return {
    jobs: found.flatMap((row) => (row.kind === 'job' ? [row.job] : [])),
    malformed: found.flatMap((row) =>
      row.kind === 'malformed' ? [{ id: row.id, problem: row.problem }] : [],
    ),
  };
}
