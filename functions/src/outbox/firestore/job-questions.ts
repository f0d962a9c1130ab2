import type { Firestore } from 'firebase-admin/firestore';
import { buildCount } from '#kernel/firestore';
import type { JobStatus } from '../model/job.ts';
import type { BlockedLine, DueJob, JobCounts, StatusCounts } from '../questions/job-answers.ts';
import type { DeadLetterQuery, JobPage, JobQuery } from '../questions/job-query.ts';
import { OUTBOX } from '../record/record-job.ts';
import { findBlockedLines } from './blocked-lines.ts';
import { countJobs, countJobsByOrg } from './count-jobs.ts';
import { listDeadLetters, listJobs } from './job-pages.ts';
import { findOldestDue, findOldestDueByType } from './oldest-due.ts';
import { DUE_QUERY, ROWS_OF_STATUS } from './queries.ts';

/** Questions of operators to the outbox, across tenants: who may ask them is for the caller to decide. */
export interface JobQuestions {
  /**
   * A page of rows in the order of their ids. Costs one read for each; a page without any, one.
   * Throws `unsupported-query` and `bad-cursor`.
   */
  readonly list: (query: JobQuery) => Promise<JobPage>;
  /** As `list`, of dead letters, the newest failure first. Throws `invalid-input` for a range that is none. */
  readonly deadLetters: (query: DeadLetterQuery) => Promise<JobPage>;
  /**
   * How many rows there are of each state and type, of one tenant or all. Costs a read for each thousand
   * of each count, at least one: three for each type, three for all, one for those that block.
   */
  readonly count: (jobTypes: readonly string[], orgId?: string) => Promise<JobCounts>;
  /**
   * How many rows of each state there are of each of these tenants, in their order, all counted at one moment. Costs a
   * read for each thousand of each count, at least one: three for each tenant.
   */
  readonly countByOrg: (orgIds: readonly string[]) => Promise<readonly StatusCounts[]>;
  /**
   * How many open rows that are not paused each slot has, in the order of these slots. Costs a read for each thousand
   * of each slot, at least one.
   */
  readonly countBySlot: (slots: readonly number[]) => Promise<readonly number[]>;
  /** How many dead letters there are. Costs a read for each thousand, at least one. */
  readonly countDeadLetters: () => Promise<number>;
  /** How many rows of a state there are, as far as `atMost`. Costs a read for each thousand counted, at least one. */
  readonly countUpTo: (status: JobStatus, atMost: number) => Promise<number>;
  /**
   * Since when the oldest due job of each type is due, by type, among the 200 rows that have been due longest
   * in these slots: the types that are not told are younger. Costs a read for each such row, at least one for 30 slots.
   */
  readonly oldestDueByType: (
    slots: readonly number[],
    nowMs: number,
  ) => Promise<ReadonlyMap<string, number>>;
  /** Who has been due for the longest time, in these slots, at a time of the server's. One read for 30 slots. */
  readonly oldestDue: (slots: readonly number[], nowMs: number) => Promise<DueJob | undefined>;
  /** At most `limit` lines that wait for a dead letter. Costs two reads for each, at least one. */
  readonly blockedLines: (
    limit: number,
  ) => Promise<{ readonly lines: readonly BlockedLine[]; readonly truncated: boolean }>;
}

/** Binds the questions to a database. */
export function createJobQuestions(firestore: Firestore): JobQuestions {
  const rows = firestore.collection(OUTBOX);
  return {
    list: (query) => listJobs(rows, query),
    deadLetters: (query) => listDeadLetters(rows, query),
    count: (jobTypes, orgId) => countJobs(firestore, jobTypes, orgId),
    countByOrg: (orgIds) => countJobsByOrg(firestore, orgIds),
    countBySlot: (slots) =>
      Promise.all(
        slots.map(async (slot) => {
          const query = buildCount(rows, DUE_QUERY, { equals: { slot } });
          return (await query.get()).data().count;
        }),
      ),
    countDeadLetters: async () => {
      const query = buildCount(rows, ROWS_OF_STATUS, { equals: { status: 'failed' } });
      return (await query.get()).data().count;
    },
    countUpTo: async (status, limit) => {
      const query = buildCount(rows, ROWS_OF_STATUS, { equals: { status }, limit });
      return (await query.get()).data().count;
    },
    oldestDueByType: (slots, nowMs) => findOldestDueByType(rows, slots, nowMs),
    oldestDue: (slots, nowMs) => findOldestDue(rows, slots, nowMs),
    blockedLines: (limit) => findBlockedLines(rows, limit),
  };
}
