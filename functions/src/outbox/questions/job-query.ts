import type { QueryShape, TimeRange } from '#kernel';
import { CodedError, rangeOf } from '#kernel';
import {
  ALL_ROWS,
  DEAD_LETTERS,
  DEAD_LETTERS_OF_ORG,
  DEAD_LETTERS_OF_ORG_AND_TYPE,
  DEAD_LETTERS_OF_ORG_AND_REASON,
  DEAD_LETTERS_OF_ORG_TYPE_AND_REASON,
  DEAD_LETTERS_OF_REASON,
  DEAD_LETTERS_OF_TYPE_AND_REASON,
  DEAD_LETTERS_OF_TYPE,
  ROWS_OF_ORG,
  ROWS_OF_ORG_AND_STATUS,
  ROWS_OF_ORG_TYPE_AND_STATUS,
  ROWS_OF_STATUS,
  ROWS_OF_TYPE,
  ROWS_OF_TYPE_AND_STATUS,
} from '../firestore/queries.ts';
import type { FailureReason, JobStatus, OutboxJob } from '../model/job.ts';

/** Which rows, in the order of their ids. Filters can be combined as far as there are indexes. */
export interface JobQuery {
  /** In this state. */
  readonly status?: JobStatus | undefined;
  /** Of this tenant. */
  readonly orgId?: string | undefined;
  /** Of this subscription. */
  readonly jobType?: string | undefined;
  /** Rows a page. */
  readonly limit: number;
  /** `nextCursor` of the page before, of the same query; another `limit` is the same query. */
  readonly cursor?: string | undefined;
}

/** Which dead letters, the newest failure first. */
export interface DeadLetterQuery extends Omit<JobQuery, 'status'> {
  /** Why it is one; alone, without a tenant or a type. */
  readonly reason?: FailureReason | undefined;
  /** Failed at this time or later. */
  readonly from?: Date | undefined;
  /** Failed before this time. */
  readonly to?: Date | undefined;
}

/** Some of the rows that were asked for. */
export interface JobPage {
  /** Those that are jobs. */
  readonly jobs: readonly OutboxJob[];
  /** Those that are none (edited by hand, say): mend them by hand. */
  readonly malformed: readonly MalformedJob[];
  /** Where the next page begins; undefined after the last. A page that was just full may be the last. */
  readonly nextCursor: string | undefined;
}

/** A row that is no job, and what is wrong with it, by field. */
export interface MalformedJob {
  /** Of its document. */
  readonly id: string;
  /** By field. */
  readonly problem: string;
}

/** A query that can be asked. */
export interface PlannedJobQuery {
  readonly shape: QueryShape;
  readonly equals: Readonly<Record<string, string>>;
  readonly limit: number;
  /** All that makes it another query, for its cursors. */
  readonly name: readonly string[];
}

const JOB_SHAPES: readonly QueryShape[] = [
  ALL_ROWS,
  ROWS_OF_STATUS,
  ROWS_OF_ORG,
  ROWS_OF_TYPE,
  ROWS_OF_ORG_AND_STATUS,
  ROWS_OF_TYPE_AND_STATUS,
  ROWS_OF_ORG_TYPE_AND_STATUS,
];

const DEAD_LETTER_SHAPES: readonly QueryShape[] = [
  DEAD_LETTERS,
  DEAD_LETTERS_OF_ORG,
  DEAD_LETTERS_OF_TYPE,
  DEAD_LETTERS_OF_ORG_AND_TYPE,
  DEAD_LETTERS_OF_REASON,
  DEAD_LETTERS_OF_ORG_AND_REASON,
  DEAD_LETTERS_OF_TYPE_AND_REASON,
  DEAD_LETTERS_OF_ORG_TYPE_AND_REASON,
];

/** Finds the declared query for rows; throws `unsupported-query` for a combination without an index. */
export function planJobs({ status, orgId, jobType, limit }: JobQuery): PlannedJobQuery {
  const equals = said({ status, orgId, jobType });
  return { shape: shapeFor(JOB_SHAPES, equals), equals, limit, name: nameOf('jobs', equals) };
}

/** As `planJobs`, for dead letters, whose filters all go together; throws `invalid-input` where the range of time is none. */
export function planDeadLetters(query: DeadLetterQuery): PlannedJobQuery & TimeRange {
  const { orgId, jobType, reason, from, to, limit } = query;
  const equals = said({ status: 'failed', orgId, jobType, 'failure.reason': reason });
  const { fromMs, throughMs } = rangeOf(from, to);
  const name = [...nameOf('dead letters', equals), String(fromMs), String(throughMs)];
  return { shape: shapeFor(DEAD_LETTER_SHAPES, equals), equals, limit, name, fromMs, throughMs };
}

function said(filters: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(filters).flatMap(([field, value]) =>
      value === undefined ? [] : [[field, value] as const],
    ),
  );
}

function nameOf(what: string, equals: Readonly<Record<string, string>>): string[] {
  return [what, ...Object.entries(equals).flat()];
}

function shapeFor(
  shapes: readonly QueryShape[],
  equals: Readonly<Record<string, string>>,
): QueryShape {
  const fields = Object.keys(equals);
  const found = shapes.find(
    (shape) =>
      shape.equals.length === fields.length &&
      shape.equals.every((field) => fields.includes(field)),
  );
  if (found !== undefined) return found;
  const listing = shapes.map(filtersOf).join('; ');
  const message = `There is no index for ${filtersOf({ equals: fields })}. One of these can be asked for: ${listing}.`;
  throw new CodedError('unsupported-query', message);
}

function filtersOf({ equals }: Pick<QueryShape, 'equals'>): string {
  return equals.length === 0 ? 'no filter' : equals.join(' + ');
}
