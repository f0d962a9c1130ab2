import { DAY_MS, isTypeName } from '#kernel';
import { decodeJob } from '../record/job-codec.ts';
import type { OutboxJob } from '../model/job.ts';
import type { SlotCounts } from '../model/slots.ts';
import type { Controls } from '../store.ts';
import { slotOf, slotsToRead } from '../model/slots.ts';

/** A live lease is minutes; what ends later than this was not written by a worker. */
const LONGEST_LEASE_MS = DAY_MS;
const LONGEST_WAIT_MS = 30 * DAY_MS;

/** What is to be done with a row that somebody may have edited by hand. */
export type Repair =
  | { readonly kind: 'fine' }
  /** It can be run again as `next`: due now, in a slot that is read. */
  | { readonly kind: 'mend'; readonly next: OutboxJob; readonly mended: readonly string[] }
  /** It is no job; a person has to look. */
  | { readonly kind: 'park'; readonly problem: string };

/** What a repair goes by: the server's time, and the slots that are read. */
export interface RepairContext {
  readonly nowMs: number;
  readonly slots: SlotCounts;
  readonly slotsRead: ReadonlySet<number>;
  /** The ids of the pauses there are. */
  readonly pauses: ReadonlySet<string>;
}

/** The context for these controls; `settings`: the slots by the settings, which are read as well. */
export function repairContext(
  { slots: inForce, pauses, readAtMs }: Controls,
  settings: SlotCounts,
): RepairContext {
  const slots = inForce ?? settings;
  const slotsRead = new Set([
    ...slotsToRead('normal', slots, settings),
    ...slotsToRead('bulk', slots, settings),
  ]);
  return { nowMs: readAtMs, slots, slotsRead, pauses: new Set(pauses.map(({ id }) => id)) };
}

/**
 * Decides on a stored row by its raw fields. Mends what keeps a job from being found (slot, due time,
 * lease) or would have it deleted before it was sent (`expireAt`), and parks what cannot be a job; an unknown but well-formed type is routing's business.
 * A live, plausible lease is left alone.
 */
export function decideRepair(
  id: string,
  data: Readonly<Record<string, unknown>>,
  context: RepairContext,
): Repair {
  const { slot, status } = data;
  // Nobody looks for what was sent: the slot it was in may be out of use.
  const hasSlot = typeof slot === 'number' && (status === 'sent' || context.slotsRead.has(slot));
  const decoded = decodeJob(id, hasSlot ? data : { ...data, slot: slotOf(id, context.slots) });
  if (decoded.kind === 'malformed') return { kind: 'park', problem: decoded.problem };
  const { job } = decoded;
  if (!isTypeName(job.jobType)) return { kind: 'park', problem: 'jobType: not of the grammar' };
  const mended = [
    ...(hasSlot ? [] : ['slot']),
    ...(job.expireAt === undefined || status === 'sent' ? [] : ['expireAt']),
    ...whatKeepsItFromBeingFound(job, context),
  ];
  if (mended.length === 0) return { kind: 'fine' };
  return { kind: 'mend', next: dueNow(job, mended, context.nowMs), mended };
}

function whatKeepsItFromBeingFound(job: OutboxJob, { nowMs, pauses }: RepairContext): string[] {
  if (!isOpen(job)) return job.nextAttemptAt === undefined ? [] : ['nextAttemptAt'];
  // A worker that was frozen for long may hold it back for a pause that is over.
  if (job.pausedBy !== undefined) return pauses.has(job.pausedBy) ? [] : ['pausedBy'];
  if (job.nextAttemptAt === undefined) return ['nextAttemptAt'];
  if (job.status === 'pending') return isDueSomeDay(job, nowMs) ? [] : ['nextAttemptAt'];
  const isLive = job.lease !== undefined && job.nextAttemptAt <= nowMs + LONGEST_LEASE_MS;
  return isLive ? [] : ['lease'];
}

function isOpen({ status }: OutboxJob): boolean {
  return status === 'pending' || status === 'processing';
}

/** A policy's longest wait is its age; what waits for longer than this was not told so by a worker. */
function isDueSomeDay({ nextAttemptAt = 0, openedAt }: OutboxJob, nowMs: number): boolean {
  return nextAttemptAt <= Math.max(nowMs, openedAt) + LONGEST_WAIT_MS;
}

function dueNow(job: OutboxJob, mended: readonly string[], nowMs: number): OutboxJob {
  const next = {
    ...job,
    runId: undefined,
    // Firestore would delete it by itself, and with it what is still to be done.
    ...(job.status === 'sent' ? {} : { expireAt: undefined }),
  };
  if (!isOpen(job)) {
    return { ...next, nextAttemptAt: undefined };
  }
  if (mended.every((name) => name === 'slot' || name === 'expireAt')) return next;
  const lease = job.status === 'processing' ? { expiresAt: nowMs } : undefined;
  return { ...next, lease, nextAttemptAt: nowMs, pausedBy: undefined };
}
