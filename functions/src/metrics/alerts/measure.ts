import type { OutboxStore, SlotCounts } from '#outbox';
import { slotsToRead } from '#outbox';
import type { JobQuestions } from '#outbox/firestore';
import type { MetricsStore } from '../store.ts';
import { WINDOW_MS } from '../store.ts';
import type { AlertNumbers, Measured } from './decide-alert.ts';

/** With fewer jobs than this, one that was late is a share of them that says nothing; where there are none, none was late. */
const LEAST_SAMPLE = 20;

/**
 * Measures what alerts go by. What is bulk waits on purpose, and counts only as `pending`. Nothing is counted
 * further than its threshold and one more: six reads where there is nothing, and one for each instance that ran jobs
 * in the last ten to twenty minutes.
 */
export function createMeasure(deps: {
  readonly store: Pick<OutboxStore, 'readControls'>;
  readonly jobs: Pick<JobQuestions, 'countUpTo' | 'oldestDue'>;
  readonly metrics: Pick<MetricsStore, 'read'>;
  readonly slots: SlotCounts;
  readonly thresholds: AlertNumbers;
}): () => Promise<Measured> {
  const { store, jobs, metrics, thresholds } = deps;
  return async () => {
    const { slots = deps.slots, readAtMs } = await store.readControls();
    const [deadLetters, pending, oldest, { gathered }] = await Promise.all([
      jobs.countUpTo('failed', thresholds.dead_letters + 1),
      jobs.countUpTo('pending', thresholds.pending + 1),
      jobs.oldestDue(slotsToRead('normal', slots), readAtMs),
      metrics.read(readAtMs - WINDOW_MS),
    ]);
    const latency = gathered.all.latency.summary();
    const isFew = latency !== undefined && latency.count < LEAST_SAMPLE;
    return {
      dead_letters: deadLetters,
      pending,
      oldest_due: oldest === undefined ? 0 : Math.max(0, readAtMs - oldest.dueAtMs),
      latency_p95: isFew ? undefined : Math.round(latency?.p95Ms ?? 0),
    };
  };
}
