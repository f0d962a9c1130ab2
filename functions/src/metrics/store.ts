import { MINUTE_MS } from '#kernel';
import type { Gathered } from './gathered.ts';

/** An instance adds to one document for so long, and then begins another. */
export const WINDOW_MS = 10 * MINUTE_MS;

/** The window that a time is in, by its beginning. */
export function windowOf(atMs: number): number {
  return Math.floor(atMs / WINDOW_MS) * WINDOW_MS;
}

/** What an instance writes. */
export interface WrittenWindow {
  readonly instanceId: string;
  /** When the window began, in milliseconds since the epoch. */
  readonly startMs: number;
  readonly nowMs: number;
  /** When this instance last came to the end of a scheduled sweep. */
  readonly lastTickMs: number | undefined;
  /** All of the window. */
  readonly gathered: Gathered;
  /** What of it was not written before. */
  readonly added: Gathered;
}

/** What was gathered by all instances. */
export interface ReadWindows {
  readonly gathered: Gathered;
  /** From when on it is whole, in milliseconds since the epoch. */
  readonly fromMs: number;
  /** Whether there was more than is read for one answer: then `fromMs` is later than was asked for. */
  readonly isTruncated: boolean;
}

/** Counts that only ever rise, over all instances, by job type. */
export interface Totals {
  /** Runs that did not end in `sent`. */
  readonly failures: ReadonlyMap<string, number>;
  /** Dead letters, by job type and then by why. */
  readonly deadLetters: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** Where metrics are kept. */
export interface MetricsStore {
  readonly write: (window: WrittenWindow) => Promise<void>;
  /** What was gathered since `fromMs`, to the beginning of its window. At most 2,000 reads, at least one. */
  readonly read: (fromMs: number) => Promise<ReadWindows>;
  /** When the scheduled sweep last came to its end; undefined where it did not for 24 hours. One read. */
  readonly lastTickMs: () => Promise<number | undefined>;
  /** Ten reads. */
  readonly totals: () => Promise<Totals>;
}
