import { z } from 'zod';
import type { JobEnd } from '#outbox';
import { Durations, storedDurations } from './durations.ts';

const count = z.int().min(0);

export const storedSeries = z.object({
  sent: count,
  retry: count,
  failed: count,
  reasons: z.record(z.string(), count),
  latency: storedDurations,
  dispatch: storedDurations,
  run: storedDurations,
});
type StoredSeries = z.output<typeof storedSeries>;

/** What is counted alike of everything, of a job type, an event type and a sink. */
export class Series {
  readonly ends = { sent: 0, retry: 0, failed: 0 };
  /** Dead letters, by why. */
  readonly reasons = new Map<string, number>();

  /** From a job's opening to `sent`, retries and all; not of bulk work. */
  readonly latency = new Durations();
  /** From a job's opening to its first start; not of bulk work. */
  readonly dispatch = new Durations();
  /** How long handlers ran. */
  readonly run = new Durations();

  add({ end, reason, isBulk, ranMs, waitedMs, ageMs }: JobEnd): void {
    this.ends[end] += 1;
    if (reason !== undefined) this.#addReason(reason, 1);
    if (ranMs !== undefined) this.run.add(ranMs);
    if (isBulk) return;
    if (waitedMs !== undefined) this.dispatch.add(waitedMs);
    if (end === 'sent') this.latency.add(ageMs);
  }

  merge({ ends, reasons, latency, dispatch, run }: Series): void {
    this.ends.sent += ends.sent;
    this.ends.retry += ends.retry;
    this.ends.failed += ends.failed;
    for (const [reason, dead] of reasons) this.#addReason(reason, dead);
    this.latency.merge(latency);
    this.dispatch.merge(dispatch);
    this.run.merge(run);
  }

  #addReason(reason: string, dead: number): void {
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + dead);
  }

  toStored(): StoredSeries {
    return {
      ...this.ends,
      reasons: Object.fromEntries(this.reasons),
      latency: this.latency.toStored(),
      dispatch: this.dispatch.toStored(),
      run: this.run.toStored(),
    };
  }

  /** As `merge`, of what is stored. */
  mergeStored({ sent, retry, failed, reasons, latency, dispatch, run }: StoredSeries): void {
    this.ends.sent += sent;
    this.ends.retry += retry;
    this.ends.failed += failed;
    for (const [reason, dead] of Object.entries(reasons)) this.#addReason(reason, dead);
    this.latency.mergeStored(latency);
    this.dispatch.mergeStored(dispatch);
    this.run.mergeStored(run);
  }
}
