import type { OutboxJob } from '../../../model/job.ts';
import type { JobFacts } from '../facts.ts';
import { isAtWork, isExcused, isInLine, isOpen } from '../facts.ts';
import { jobTypeOf } from '../job-types.ts';
import type { Ledger } from '../ledger.ts';
import type { CallEvent, Check, PromiseCheck } from '../promise.ts';
import type { RowChange } from '../row-change.ts';
import { isStart } from '../row-change.ts';

const standsInNoStrangeLine: Check<RowChange> = ({ job: { id, place }, after }) =>
  after.orderingKey === place?.orderingKey || after.orderingKey === undefined
    ? undefined
    : `${id}: got into line ${after.orderingKey}`;

const startsAsHead: Check<RowChange> = (change, ledger) => {
  if (!isStart(change) || change.before?.orderingKey === undefined) return undefined;
  const { job } = change;
  const first = othersInLine(job, ledger).find(
    (other) => isBehind(job, other) && isInLine(other) && !cameTooLate(other, change),
  );
  return first === undefined ? undefined : `${job.id}: begun behind ${first.id}`;
};

/** It has its place again, but is not open yet, and will not be while one that asked before is run. */
function cameTooLate({ row, stoodInLineAtMs = 0 }: JobFacts, { run }: RowChange): boolean {
  const isClosed = row !== undefined && !isOpen(row);
  return isClosed && stoodInLineAtMs >= (run?.invocation.startedAtMs ?? Infinity);
}

const startsAlone: Check<RowChange> = (change, ledger) => {
  if (!isStart(change)) return undefined;
  const { job, atMs } = change;
  const other = othersInLine(job, ledger).find(({ row }) => isLeased(row, atMs));
  return other === undefined ? undefined : `${job.id}: begun while ${other.id} is being run`;
};

/** Whether a run holds it; of a row that was moved after its run was lost, the lease holds nobody. */
function isLeased(row: OutboxJob | undefined, atMs: number): boolean {
  return row?.runId !== undefined && (row.lease?.expiresAt ?? 0) > atMs;
}

const isCalledAlone: Check<CallEvent> = ({ call: { run }, job }, ledger) => {
  // Without a claim, or after a long sleep, it may be in vain, and knows no better.
  if (run.startedAs === undefined || isExcused(run)) return undefined;
  const atWork = othersInLine(job, ledger).find(({ starts }) => starts.some(isAtWork));
  return atWork === undefined ? undefined : `${job.id}: called while ${atWork.id} is at work`;
};

/** A redrive by name gives a cancelled job its place back before it opens it. */
const leavesItsLine: Check<RowChange> = ({ job, after: { status, blocking } }) => {
  const isClosed = status === 'sent' || (status === 'cancelled' && blocking !== true);
  return isClosed && isInLine(job) ? `${job.id}: ${status}, but still in its line` : undefined;
};

/** A dead letter keeps its place and blocks, or gives it up: as its subscription says. */
const blocksByItsRule: Check<RowChange> = ({ kind, job, before, after }) => {
  if (after.status !== 'failed' || kind === 'stand in line' || kind === 'leave line') {
    return undefined;
  }
  const isBlocking = isInLine(job) && after.blocking === true;
  const wasInLine = before?.orderingKey !== undefined;
  const mustBlock = wasInLine && jobTypeOf(after.jobType)?.ordered === 'block';
  const isByRule = isBlocking === mustBlock && isInLine(job) === mustBlock;
  return isByRule ? undefined : `${job.id}: blocks its line, or not, against its rule`;
};

function othersInLine(job: JobFacts, ledger: Ledger): JobFacts[] {
  if (job.place === undefined) return [];
  const line = ledger.line(job.place.orderingKey);
  return line.filter((other) => other !== job && !other.isVandalised);
}

function isBehind({ place }: JobFacts, other: JobFacts): boolean {
  return (other.place?.sequence ?? 0) < (place?.sequence ?? 0);
}

/** Whether a dead letter, or a row of nonsense, stands in front of it. */
export function isBlocked(job: JobFacts, ledger: Ledger): boolean {
  if (job.place === undefined) return false;
  return ledger.line(job.place.orderingKey).some((other) => {
    const stands = isInLine(other) && other.row?.blocking === true;
    return isBehind(job, other) && (stands || (other.isVandalised && other.row === undefined));
  });
}

/** The jobs of a line run in its order, one at a time. */
export const LINES: PromiseCheck = {
  name: 'a line runs in order, one at a time',
  rows: [standsInNoStrangeLine, startsAsHead, startsAlone, leavesItsLine, blocksByItsRule],
  calls: [isCalledAlone],
};
