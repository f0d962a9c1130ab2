import { DAY_MS, MINUTE_MS, SECOND_MS } from '#kernel';
import { isSuspect } from '../../../model/pickup.ts';
import { isOpen } from '../facts.ts';
import { jobTypeOf, MAX_AGE_MS } from '../job-types.ts';
import { Process } from '../process.ts';
import type { CallEvent, Check, PromiseCheck } from '../promise.ts';
import type { ChangeKind, RowChange } from '../row-change.ts';
import { isStart } from '../row-change.ts';

/** A due time is reckoned from what was read a little while ago. */
const LAG_MS = 30 * SECOND_MS;
const LEASE_MS = 60 * SECOND_MS;
/** How long a handler may take: its lease must last as long. */
const TIMEOUT_MS = 20 * SECOND_MS;

const NEEDS_TO_BE_DUE: ReadonlySet<ChangeKind> = new Set([
  'claim',
  'take over',
  'end unclaimed',
  'refuse',
  'push back',
  'pause',
  'move',
]);

/** So that one query finds new work, retries and dead workers' leases alike, and nothing else. */
const isDueWhileItIsOpen: Check<RowChange> = ({ after }) => {
  const { id, status, nextAttemptAt, pausedBy } = after;
  const mustBeDue = isOpen(after) && pausedBy === undefined;
  if (mustBeDue === (nextAttemptAt !== undefined)) return undefined;
  return `${id}: ${status} ${mustBeDue ? 'without' : 'with'} a due time`;
};

const isLeasedWhileItRuns: Check<RowChange> = ({ after }) => {
  const { id, status, lease, nextAttemptAt } = after;
  if ((status === 'processing') !== (lease !== undefined)) return `${id}: ${status}, and its lease`;
  const isAtLeaseEnd = nextAttemptAt === undefined || nextAttemptAt === lease?.expiresAt;
  return status !== 'processing' || isAtLeaseEnd ? undefined : `${id}: not due at its lease's end`;
};

/** Whoever waited only for another need not wait for his own due time. */
const isNotTouchedEarly: Check<RowChange> = ({ kind, before, atMs }) => {
  if (!NEEDS_TO_BE_DUE.has(kind) || before?.heldBy !== undefined) return undefined;
  const earlyMs = (before?.nextAttemptAt ?? atMs) - atMs;
  return earlyMs > 0 ? `${before?.id}: ${kind} ${earlyMs} ms before it was due` : undefined;
};

const isDueWithinADay: Check<RowChange> = ({ after, atMs }) => {
  const inMs = (after.nextAttemptAt ?? atMs) - atMs;
  return inMs > DAY_MS ? `${after.id}: due in ${inMs} ms` : undefined;
};

/** A sink that is left alone does not keep a job open past its age. */
const isNotPutOffPastItsAge: Check<RowChange> = ({ kind, before, after, atMs }) => {
  const { id, openedAt, unroutableSince, nextAttemptAt = 0 } = after;
  if (kind !== 'push back' || unroutableSince !== undefined) return undefined;
  // There was no time for it, which another tick has.
  const isSetAside = before !== undefined && isSuspect(before);
  if (isSetAside && nextAttemptAt <= atMs + 2 * MINUTE_MS) return undefined;
  const lateMs = nextAttemptAt - (openedAt + MAX_AGE_MS);
  return lateMs > 0 ? `${id}: put off until ${lateMs} ms past its age` : undefined;
};

const isNotDueInThePast: Check<RowChange> = (change) => {
  const { after, before, atMs } = change;
  const dueMs = after.nextAttemptAt ?? atMs;
  if (before === undefined || dueMs === before.nextAttemptAt || dueMs >= atMs - LAG_MS) {
    return undefined;
  }
  return knowsTheTime(change) ? `${after.id}: due ${atMs - dueMs} ms ago` : undefined;
};

const isLeasedForItsTime: Check<RowChange> = (change) => {
  const leftMs = (change.after.lease?.expiresAt ?? 0) - change.atMs;
  const isTooLong = isStart(change) && leftMs > LEASE_MS && knowsTheTime(change);
  return isTooLong ? `${change.after.id}: leased for ${leftMs} ms` : undefined;
};

/** Whose clock once stood still lags until it asks for the time again. */
function knowsTheTime({ by, run, atMs }: RowChange): boolean {
  const sinceMs = run?.invocation.startedAtMs ?? atMs - LAG_MS;
  return !(by instanceof Process) || !by.isDisturbedSince(sinceMs);
}

/** Else it would run on beside whoever takes it over. */
const beginsWithLeaseEnough: Check<CallEvent> = ({ call: { job, run, startedAtMs } }) => {
  // A handler in its settling transaction may be late: it does nothing beside anybody.
  const isFenced = jobTypeOf(job.jobType)?.transacts === true;
  if (run.startedAs === undefined || job.lease === undefined || isFenced) return undefined;
  const { process, startedAtMs: sinceMs } = run.invocation;
  const leftMs = job.lease.expiresAt - startedAtMs;
  const isTooLate = leftMs < TIMEOUT_MS && process.knewTheTime(sinceMs, run.madeAtMs);
  return isTooLate ? `${job.id}: begun by ${run.runId} with ${leftMs} ms of its lease` : undefined;
};

export const DUE_TIMES: PromiseCheck = {
  name: 'open rows are due at the right time',
  rows: [
    isDueWhileItIsOpen,
    isLeasedWhileItRuns,
    isNotTouchedEarly,
    isDueWithinADay,
    isNotPutOffPastItsAge,
    isNotDueInThePast,
    isLeasedForItsTime,
  ],
  calls: [beginsWithLeaseEnough],
};
