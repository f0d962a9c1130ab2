import type { OutboxJob } from '../../model/job.ts';
import type { JobFacts, RunFacts } from './facts.ts';
import type { Owner } from './scheduler.ts';

/** The transitions of a row, each by its name. */
export type ChangeKind =
  | 'create'
  | 'create started'
  | 'claim'
  | 'take over'
  | 'end'
  /** The end of a run that was made without a claim: its start and its end are one write. */
  | 'end unclaimed'
  /** Claimed and given back before its handler began. */
  | 'release'
  /** A dead letter without a run. */
  | 'refuse'
  | 'push back'
  /** Has to wait for the one in front of it in its line. */
  | 'hold'
  /** Need not wait for anybody any more. */
  | 'wake'
  /** Into another slot. */
  | 'move'
  | 'pause'
  | 'resume'
  | 'redrive'
  | 'cancel'
  /** Closed, and back in its place: a redrive by name has begun. */
  | 'stand in line'
  /** Closed, and out of its place again: that redrive came to nothing. */
  | 'leave line';

/** One write to one row that is a job before and after. */
export interface RowChange {
  readonly kind: ChangeKind;
  readonly job: JobFacts;
  readonly before: OutboxJob | undefined;
  readonly after: OutboxJob;
  readonly atMs: number;
  readonly by: Owner | undefined;
  /** The run that made it. */
  readonly run: RunFacts | undefined;
}

const ENDS: ReadonlySet<OutboxJob['status']> = new Set(['pending', 'sent', 'failed']);
const STARTS: ReadonlySet<ChangeKind> = new Set([
  'create started',
  'claim',
  'take over',
  'end unclaimed',
]);

/** Whether a run began by it. */
export function isStart({ kind }: RowChange): boolean {
  return STARTS.has(kind);
}

/** Whether a run ended by it that had called its handler. */
export function isEnd({ kind }: RowChange): boolean {
  return kind === 'end' || kind === 'end unclaimed';
}

/** Which transition this is; undefined if none of the table. */
export function kindOfChange(
  before: OutboxJob | undefined,
  after: OutboxJob,
): ChangeKind | undefined {
  if (before === undefined) return kindOfCreation(after);
  const starts = after.runs - before.runs;
  if (starts === 1) return kindOfStart(before, after);
  if (starts !== 0 || before.status === 'sent') return undefined;
  if (before.status === 'failed' || before.status === 'cancelled') {
    return kindOfRevival(before, after);
  }
  const isByItsRun = before.status === 'processing' && after.runId !== undefined;
  return isByItsRun ? kindOfEnd(before, after) : kindOfWaiting(before, after);
}

function kindOfCreation({ status, runs }: OutboxJob): ChangeKind | undefined {
  if (status === 'pending' && runs === 0) return 'create';
  return status === 'processing' && runs === 1 ? 'create started' : undefined;
}

function kindOfStart(before: OutboxJob, after: OutboxJob): ChangeKind | undefined {
  if (before.status === 'processing') {
    return after.status === 'processing' ? 'take over' : undefined;
  }
  if (before.status !== 'pending') return undefined;
  if (after.status === 'processing') return 'claim';
  return ENDS.has(after.status) ? 'end unclaimed' : undefined;
}

function kindOfEnd(before: OutboxJob, after: OutboxJob): ChangeKind | undefined {
  if (after.runId !== before.runId || !ENDS.has(after.status)) return undefined;
  return after.history.at(-1)?.outcome === 'released' ? 'release' : 'end';
}

function kindOfRevival(before: OutboxJob, after: OutboxJob): ChangeKind | undefined {
  if (after.status === 'pending') return 'redrive';
  if (before.status === 'failed' && after.status === 'cancelled') return 'cancel';
  if (after.status !== before.status || after.blocking === before.blocking) return undefined;
  return after.blocking === true ? 'stand in line' : 'leave line';
}

/** Of a row that waits, or whose lease ran out: it is closed or moved without a run. */
function kindOfWaiting(before: OutboxJob, after: OutboxJob): ChangeKind | undefined {
  if (after.status === 'failed') return 'refuse';
  if (after.status === 'cancelled') {
    const isWaiting = before.status === 'pending' || before.pausedBy !== undefined;
    return isWaiting ? 'cancel' : undefined;
  }
  return after.status === before.status && after.runId === undefined
    ? kindOfMove(before, after)
    : undefined;
}

function kindOfMove(before: OutboxJob, after: OutboxJob): ChangeKind {
  if (after.pausedBy !== before.pausedBy) return after.pausedBy === undefined ? 'resume' : 'pause';
  if (after.slot !== before.slot) return 'move';
  if (after.heldBy !== undefined) return 'hold';
  return before.heldBy === undefined ? 'push back' : 'wake';
}
