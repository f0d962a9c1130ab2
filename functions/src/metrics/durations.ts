import { DDSketch } from '@datadog/sketches-js';
import { z } from 'zod';

/** Percentiles are right within this share of their value. */
const RELATIVE_ACCURACY = 0.01;
const { mapping } = new DDSketch({ relativeAccuracy: RELATIVE_ACCURACY });

/** There are many of them, and asking each by a schema of its own takes longer than all the rest. */
const bins = z.custom<readonly number[]>(
  (value) => Array.isArray(value) && value.length % 2 === 0 && value.every(Number.isSafeInteger),
);

/** How it is stored: of the bins in turn its distance from the one before, and how many it holds. */
export const storedDurations = z.object({
  maxMs: z.number().min(0),
  sumMs: z.number().min(0),
  zeros: z.int().min(0),
  bins,
});
type StoredDurations = z.output<typeof storedDurations>;

/** What one asks of durations; in milliseconds. */
export interface DurationSummary {
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly meanMs: number;
}

/**
 * Durations of which only how many there were of about each length is kept, so that those of many instances add
 * up: the bins of a DDSketch, which is made of them when it is asked.
 */
export class Durations {
  readonly #bins = new Map<number, number>();
  #zeros = 0;
  #maxMs = 0;
  #sumMs = 0;

  add(ms: number): void {
    if (ms < mapping.minPossible) this.#zeros += 1;
    else this.#fill(mapping.key(ms), 1);
    this.#maxMs = Math.max(this.#maxMs, ms);
    this.#sumMs += ms;
  }

  merge(other: Durations): void {
    for (const [key, count] of other.#bins) this.#fill(key, count);
    this.#zeros += other.#zeros;
    this.#maxMs = Math.max(this.#maxMs, other.#maxMs);
    this.#sumMs += other.#sumMs;
  }

  /** As `merge`, of what is stored. */
  mergeStored({ maxMs, sumMs, zeros, bins: stored }: StoredDurations): void {
    let key = 0;
    for (let place = 0; place < stored.length; place += 2) {
      key += stored[place] ?? 0;
      this.#fill(key, stored[place + 1] ?? 0);
    }
    this.#zeros += zeros;
    this.#maxMs = Math.max(this.#maxMs, maxMs);
    this.#sumMs += sumMs;
  }

  #fill(key: number, count: number): void {
    this.#bins.set(key, (this.#bins.get(key) ?? 0) + count);
  }

  /** Undefined where there were none. */
  summary(): DurationSummary | undefined {
    const sketch = new DDSketch({ relativeAccuracy: RELATIVE_ACCURACY });
    if (this.#zeros > 0) sketch.accept(0, this.#zeros);
    // The middle of a bin is in it.
    for (const [key, count] of this.#inOrder()) sketch.accept(mapping.value(key), count);
    const { count } = sketch;
    if (count === 0) return undefined;
    // And may lie beyond the longest.
    const at = (share: number): number =>
      round(Math.min(sketch.getValueAtQuantile(share), this.#maxMs));
    const [p50Ms, p95Ms, p99Ms] = [at(0.5), at(0.95), at(0.99)];
    return {
      count,
      p50Ms,
      p95Ms,
      p99Ms,
      maxMs: round(this.#maxMs),
      meanMs: round(this.#sumMs / count),
    };
  }

  toStored(): StoredDurations {
    let last = 0;
    const stored = this.#inOrder().flatMap(([key, count]) => {
      const distance = key - last;
      last = key;
      return [distance, count];
    });
    return { maxMs: this.#maxMs, sumMs: this.#sumMs, zeros: this.#zeros, bins: stored };
  }

  #inOrder(): (readonly [key: number, count: number])[] {
    return [...this.#bins].toSorted(([a], [b]) => a - b);
  }
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
