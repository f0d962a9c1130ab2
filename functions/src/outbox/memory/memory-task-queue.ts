import type { TaskQueue, WorkerTask } from '../processor/scale-out.ts';

/** What a queue in memory is made of. */
export interface MemoryTaskQueueParts {
  /** Calls a worker with what it was told; ends when the queue need not wait for it any longer. */
  readonly call: (data: unknown) => Promise<void>;
  /** The time by this "queue", in milliseconds since the epoch. */
  readonly nowMs: () => number;
  /** Lets something happen at a time by `nowMs`, never before this call has returned. */
  readonly at: (ms: number, go: () => void) => void;
  /** Calls at once; the others wait. Default: any number. */
  readonly maxConcurrentDispatches?: number;
  /** How late each call for a task is made: none, it is lost; two, it is made twice. Default: once, at once. */
  readonly drawDelaysMs?: () => readonly number[];
  /** Whether it cannot be asked at this moment. Default: never. */
  readonly isDown?: () => boolean;
}

/** A task queue in memory: the same promises as Cloud Tasks', by the same contract suite. */
export class MemoryTaskQueue implements TaskQueue {
  readonly #parts: MemoryTaskQueueParts;
  readonly #known = new Set<string>();
  readonly #waiting: string[] = [];
  #underWay = 0;

  constructor(parts: MemoryTaskQueueParts) {
    this.#parts = parts;
  }

  async enqueue(
    id: string,
    task: WorkerTask,
    notBeforeMs?: number,
  ): Promise<'enqueued' | 'exists'> {
    const { nowMs, at, isDown = () => false, drawDelaysMs = () => [0] } = this.#parts;
    if (isDown()) throw new Error('The queue cannot be asked now.');
    if (this.#known.has(id)) return 'exists';
    this.#known.add(id);
    // What arrives is what can be written down, and nothing the caller holds.
    const told = JSON.stringify(task);
    const dueMs = Math.max(nowMs(), notBeforeMs ?? 0);
    for (const delayMs of drawDelaysMs()) at(dueMs + delayMs, () => this.#dispatch(told));
    return 'enqueued';
  }

  #dispatch(told: string): void {
    const { maxConcurrentDispatches = Infinity, call } = this.#parts;
    if (this.#underWay >= maxConcurrentDispatches) {
      this.#waiting.push(told);
      return;
    }
    this.#underWay += 1;
    const ended = (): void => this.#next();
    // Whatever becomes of the worker: the queue has done its part.
    call(JSON.parse(told)).then(ended, ended);
  }

  #next(): void {
    this.#underWay -= 1;
    const told = this.#waiting.shift();
    if (told !== undefined) this.#dispatch(told);
  }
}
