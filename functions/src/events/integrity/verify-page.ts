import { CodedError, ENTITY_ID_RULE, isEntityId } from '#kernel';
import { jobIdsOf } from '../emit/plan-event.ts';
import type { DomainEvent } from '../event.ts';
import { readHead } from '../streams/stream.ts';
import { checkEvent, checkJobs } from './check-event.ts';
import type { HeadAt } from './check-streams.ts';
import { checkEnd, checkStreams } from './check-streams.ts';
import { findDuplicates } from './find-duplicates.ts';
import type { Finding } from './finding.ts';
import type { Beside, IntegritySource, PageOfRows } from './integrity-source.ts';
import type { IntegrityState } from './integrity-state.ts';
import type { Row } from './stored-row.ts';
import { readRow } from './stored-row.ts';

/** What a verification asks of its deployment. */
export interface IntegrityDeps {
  readonly source: IntegritySource;
  /** A stored event at the newest version of its type; throws `EventUnreadableError`. */
  readonly atNewest: (stored: DomainEvent) => DomainEvent;
  /** The document that has the head of an event's stream. */
  readonly headPathOf: (event: DomainEvent) => string;
  /** Jobs of events younger than this have to be there: how long they are kept at least. */
  readonly keepJobsMs: number;
  /** Events read at a time. */
  readonly pageSize: number;
}

/** What one page came to. */
export interface VerifiedPage {
  readonly state: IntegrityState;
  readonly findings: readonly Finding[];
}

/** Verifies one page of a log; the first begins with `startOf(orgId)`. Throws `invalid-input`. */
export async function verifyPage(
  deps: IntegrityDeps,
  state: IntegrityState,
): Promise<VerifiedPage> {
  if (!isEntityId(state.orgId)) {
    const problem = { path: 'orgId', message: `expected ${ENTITY_ID_RULE}` };
    throw new CodedError('invalid-input', 'The log cannot be verified', [problem]);
  }
  switch (state.phase) {
    case 'by-id':
      return verifyById(deps, state);
    case 'by-time':
      return verifyByTime(deps, state);
    case 'done':
      return { state, findings: [] };
  }
}

interface MadeOut {
  readonly rows: readonly Row[];
  /** The events whose jobs all have to be there. */
  readonly judged: readonly DomainEvent[];
}

async function verifyById(deps: IntegrityDeps, state: IntegrityState): Promise<VerifiedPage> {
  const part = { orgId: state.orgId, after: state.afterId ?? undefined, limit: deps.pageSize };
  const { made, documents } = await deps.source.rowsById(part, (page) =>
    makeOut(deps, state.stream?.headPath ?? null, page),
  );
  const { rows, judged } = made;
  const headAt: HeadAt = (path) => readHead(path === null ? undefined : documents.get(path));
  const { headPathOf, atNewest } = deps;
  const { stream, findings } = checkStreams(state.stream, rows, { headPathOf, headAt });
  const isLast = rows.length < deps.pageSize;
  const isThere = (jobId: string): boolean => documents.has(jobPath(jobId));
  return {
    findings: [
      ...rows.flatMap((row) => checkEvent(row, atNewest)),
      ...judged.flatMap((event) => checkJobs(event, isThere)),
      ...findings,
      ...(isLast && stream !== null ? checkEnd(stream, headAt(stream.headPath)) : []),
    ],
    state: {
      ...state,
      phase: isLast ? 'by-time' : 'by-id',
      afterId: rows.at(-1)?.id ?? state.afterId,
      stream: isLast ? null : stream,
      events: state.events + rows.length,
      jobsNotJudged: state.jobsNotJudged + rows.filter(hasJobs).length - judged.length,
    },
  };
}

/** Makes out a page's events, and which heads and jobs have to be seen with them. */
function makeOut(
  { headPathOf, keepJobsMs }: IntegrityDeps,
  openHeadPath: string | null,
  page: PageOfRows,
): Beside<MadeOut> {
  const rows = page.rows.map(readRow);
  const heads = rows.flatMap(({ event, place }) =>
    event === undefined || place === undefined ? [] : [headPathOf(event)],
  );
  const judged = rows.flatMap((row) => {
    const isYoung = page.readAtMs - millisOf(row) < keepJobsMs;
    return row.event !== undefined && hasJobs(row) && isYoung ? [row.event] : [];
  });
  const jobs = judged.flatMap(({ orgId, eventId, jobTypes }) => jobIdsOf(orgId, eventId, jobTypes));
  const open = openHeadPath === null ? [] : [openHeadPath];
  const paths = [...new Set([...open, ...heads, ...jobs.map(jobPath)])];
  return { made: { rows, judged }, paths };
}

function hasJobs({ event }: Row): boolean {
  return event !== undefined && event.jobTypes.length > 0;
}

/** Since the epoch. Cut to seconds: an event is at most taken for older. */
function millisOf({ recordedAt }: Row): number {
  return recordedAt === undefined ? -Infinity : recordedAt.seconds * 1_000;
}

function jobPath(jobId: string): string {
  return `outbox/${jobId}`;
}

async function verifyByTime(
  { source, pageSize }: IntegrityDeps,
  state: IntegrityState,
): Promise<VerifiedPage> {
  const { orgId, after } = state;
  const rows = await source.rowsByTime({ orgId, after: after ?? undefined, limit: pageSize });
  const { findings, recent } = findDuplicates(state.recent, rows);
  const last = rows.at(-1);
  if (last === undefined || rows.length < pageSize) {
    return { findings, state: { ...state, phase: 'done', after: null, recent: [] } };
  }
  return { findings, state: { ...state, after: { ...last.recordedAt, id: last.id }, recent } };
}
