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
