import { HOUR_MS, MINUTE_MS } from '#kernel';
import type { OutboxJob } from './job.ts';

/** How long a job that nobody here can run is looked at again before it is a dead letter. */
const UNROUTABLE_AFTER_MS = 24 * HOUR_MS;
/** How often it is looked at again: old code during a rollout does not know what is new yet. */
const UNROUTABLE_CHECK_MS = 5 * MINUTE_MS;

/** When a job is looked at again that nobody here can run; undefined where that has been long enough. */
export function lookAgain(
  job: OutboxJob,
  nowMs: number,
): { readonly untilMs: number; readonly unroutableSince: number } | undefined {
  const unroutableSince = job.unroutableSince ?? nowMs;
  if (nowMs - unroutableSince >= UNROUTABLE_AFTER_MS) return undefined;
  return { untilMs: nowMs + UNROUTABLE_CHECK_MS, unroutableSince };
}
