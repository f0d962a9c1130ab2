import { isDeepStrictEqual } from 'node:util';
import type { OutboxJob } from './job.ts';

/**
 * Whether the write that was to bring the row to `next` landed after all: the run that `next` belongs
 * to is in the row's history, and has ended as `next` says, if it has. A transaction of the same run may
 * have settled it after the run was given up for timed out: then it has ended otherwise.
 * What was written without a run (a push back, a refusal to run) has no such proof and needs none:
 * nobody goes on with its row.
 */
export function hasLanded(stored: OutboxJob | undefined, next: OutboxJob): boolean {
  if (stored === undefined) return false;
  const wanted = next.history.find((entry) => entry.runId === next.runId);
  const found = stored.history.find((entry) => entry.runId === next.runId);
  if (wanted === undefined || found === undefined) return false;
  return wanted.outcome === 'running'
    ? stored.runId === next.runId
    : found.outcome === wanted.outcome;
}

/**
 * Whether a running job is as it was seen but for its slot: somebody mended that. Its run goes on, and is
 * settled on the row as it is now.
 */
export function wasOnlyMoved(stored: OutboxJob, seen: OutboxJob | undefined): boolean {
  return (
    seen !== undefined &&
    stored.status === 'processing' &&
    stored.slot !== seen.slot &&
    isDeepStrictEqual(withoutSlot(stored), withoutSlot(seen))
  );
}

/** Whoever moves a row takes the run's id off it; the history still has it. */
function withoutSlot(job: OutboxJob): Readonly<Record<string, unknown>> {
  const entries = Object.entries({ ...job, slot: undefined, runId: undefined });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
