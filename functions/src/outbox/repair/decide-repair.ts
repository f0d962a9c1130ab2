import { DAY_MS, isTypeName } from '#kernel';
import { decodeJob } from '../record/job-codec.ts';
import type { OutboxJob } from '../model/job.ts';
import type { SlotCounts } from '../model/slots.ts';
import { slotOf, slotsToRead } from '../model/slots.ts';

/** A live lease is minutes; what ends later than this was not written by a worker. */
const LONGEST_LEASE_MS = DAY_MS;

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
}

/** The context for these slots, of which `slots` are written and all of `tables` are read. */
export function repairContext(
  nowMs: number,
  slots: SlotCounts,
  ...tables: Parameters<typeof slotsToRead>[1][]
): RepairContext {
  const slotsRead = new Set([
    ...slotsToRead('normal', slots, ...tables),
    ...slotsToRead('bulk', slots, ...tables),
  ]);
  return { nowMs, slots, slotsRead };
}

/**
 * Decides on a stored row by its raw fields. Mends what keeps a job from being found (slot, due time,
 * lease) and parks what cannot be a job; an unknown but well-formed type is routing's business.
 * A live, plausible lease is left alone.
 */
export function decideRepair(
  id: string,
  data: Readonly<Record<string, unknown>>,
  context: RepairContext,
): Repair {
  const hasSlot = typeof data['slot'] === 'number' && context.slotsRead.has(data['slot']);
  const decoded = decodeJob(id, hasSlot ? data : { ...data, slot: slotOf(id, context.slots) });
  if (decoded.kind === 'malformed') return { kind: 'park', problem: decoded.problem };
  const { job } = decoded;
  if (!isTypeName(job.jobType)) return { kind: 'park', problem: 'jobType: not of the grammar' };
  const mended = [...(hasSlot ? [] : ['slot']), ...whatKeepsItFromBeingFound(job, context.nowMs)];
  if (mended.length === 0) return { kind: 'fine' };
  return { kind: 'mend', next: dueNow(job, mended, context.nowMs), mended };
}

function whatKeepsItFromBeingFound(job: OutboxJob, nowMs: number): string[] {
  const isOpen = job.status === 'pending' || job.status === 'processing';
  if (!isOpen) return job.nextAttemptAt === undefined ? [] : ['nextAttemptAt'];
  if (job.pausedBy !== undefined) return [];
  if (job.nextAttemptAt === undefined) return ['nextAttemptAt'];
  if (job.status === 'pending') return [];
  const isLive = job.lease !== undefined && job.nextAttemptAt <= nowMs + LONGEST_LEASE_MS;
  return isLive ? [] : ['lease'];
}

function dueNow(job: OutboxJob, mended: readonly string[], nowMs: number): OutboxJob {
  const next = { ...job, runId: undefined };
  if (job.status !== 'pending' && job.status !== 'processing') {
    return { ...next, nextAttemptAt: undefined };
  }
  if (mended.every((name) => name === 'slot')) return next;
  const lease = job.status === 'processing' ? { expiresAt: nowMs } : undefined;
  return { ...next, lease, nextAttemptAt: nowMs };
}
