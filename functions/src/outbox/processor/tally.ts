import type { VisitEnd } from './visit.ts';

/** How many rows a sweep saw, and how many ended each way. */
export interface SweepReport {
  /** Rows read, whatever became of them. */
  readonly read: number;
  /** How many visits ended each way; a fan-out's children that were run at once count, too. */
  readonly ends: Readonly<Partial<Record<VisitEnd, number>>>;
  /** Whether it saw everything due in its slots; else its time or its budget was over before. */
  readonly isComplete: boolean;
  /** By the server's time, in milliseconds since the epoch. */
  readonly endedAtMs: number;
}

/** Moving a row aside is not working on it: it costs one write and is not counted against the budget. */
const MOVES: ReadonlySet<VisitEnd> = new Set(['held', 'paused', 'moved', 'waiting', 'left']);

/** Counts what a sweep did, and what of its budget of jobs is left. */
export class Tally {
  readonly #budget: number;
  #read = 0;
  #spent = 0;
  readonly #ends: Partial<Record<VisitEnd, number>> = {};

  constructor(budget: number) {
    this.#budget = budget;
  }

  get left(): number {
    return Math.max(0, this.#budget - this.#spent);
  }

  /** Whether rows were left where they are, for want of time, say. */
  get hasLeftAny(): boolean {
    return this.#ends.left !== undefined;
  }

  add(read: number, ends: readonly VisitEnd[]): void {
    this.#read += read;
    for (const end of ends) {
      this.#ends[end] = (this.#ends[end] ?? 0) + 1;
      if (!MOVES.has(end)) this.#spent += 1;
    }
  }

  report(end: Pick<SweepReport, 'isComplete' | 'endedAtMs'>): SweepReport {
    return { read: this.#read, ends: this.#ends, ...end };
  }
}
