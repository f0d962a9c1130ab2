import { hashParts } from '#kernel';

/** How many calls an instance remembers to have made; the queue knows them all. */
const MAX_REMEMBERED = 10_000;

/** What a worker is called with: where to look. A wake-up, never the truth: that is in the rows. */
export interface WorkerTask {
  /** The slots to work through, and no others. */
  readonly slots: readonly number[];
  /** When the tick was scheduled, or the retry due, that it is called for; by the server's time. */
  readonly sinceMs: number;
  /** When the next tick takes over. */
  readonly untilMs: number;
  /** How many workers have gone on with it before. */
  readonly hop: number;
}

/**
 * Calls workers. May lose calls, and make them late or twice: the next tick finds what was not done, and
 * what is done already is claimed by nobody.
 */
export interface TaskQueue {
  /** Calls a worker, not before a time if said; once for each id. Rejects where it could not be asked. */
  enqueue(id: string, task: WorkerTask, notBeforeMs?: number): Promise<'enqueued' | 'exists'>;
}

/** What it takes to have other instances work at a backlog. */
export interface ScaleOutParts {
  /** How they are called. */
  readonly queue: TaskQueue;
  /** The first tick that is scheduled after this time. */
  readonly nextTickMs: (afterMs: number) => number;
  /** Workers at once, besides the tick. Default 10. */
  readonly maxWorkers: number;
}

/** Calls workers, each at most once from this instance. */
export class ScaleOut {
  readonly nextTickMs: ScaleOutParts['nextTickMs'];
  readonly maxWorkers: number;
  readonly #queue: TaskQueue;
  readonly #calls = new Map<string, Promise<unknown>>();

  constructor({ queue, nextTickMs, maxWorkers }: ScaleOutParts) {
    this.#queue = queue;
    this.nextTickMs = nextTickMs;
    this.maxWorkers = maxWorkers;
  }

  async call(task: WorkerTask, notBeforeMs?: number): Promise<void> {
    const { slots, sinceMs, untilMs, hop } = task;
    // With its end: a tick run again after the next one would be told that its workers have been called.
    const id = hashParts(`${sinceMs}`, `${untilMs}`, slots.join(','), `${hop}`);
    if (this.#calls.size >= MAX_REMEMBERED) this.#calls.clear();
    // Whoever asks for the same call meanwhile hears how it ends, too.
    const call = this.#calls.get(id) ?? this.#queue.enqueue(id, task, notBeforeMs);
    this.#calls.set(id, call);
    try {
      await call;
    } catch (error) {
      this.#calls.delete(id);
      throw error;
    }
  }
}
