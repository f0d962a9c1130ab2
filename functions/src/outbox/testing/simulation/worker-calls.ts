import { MINUTE_MS, SECOND_MS } from '#kernel';
import { MemoryTaskQueue } from '../../memory/memory-task-queue.ts';
import type { ScaleOutParts, WorkerTask } from '../../processor/scale-out.ts';
import type { Invocation } from './facts.ts';
import type { Faults } from './faults.ts';
import type { Judge } from './judge.ts';
import type { Process } from './process.ts';
import type { SeededRandom } from './random.ts';
import type { Scenario } from './scenario.ts';
import type { Scheduler } from './scheduler.ts';
import { nextTickMs } from './tick-times.ts';

/** How late a call is made at most that is not made at once. */
const LATEST_MS = 5 * MINUTE_MS;

/** One call that somebody asked the queue for, and its answer where there was one. */
export interface AskedCall {
  readonly id: string;
  readonly task: WorkerTask;
  readonly notBeforeMs: number | undefined;
  readonly by: Process;
  readonly atMs: number;
  answer?: 'enqueued' | 'exists';
}

/** How often what was done to calls. */
export interface CallCounts {
  lost: number;
  late: number;
  twice: number;
}

/** What of the world the queue has to do with. */
interface CallsWorld {
  readonly scenario: Scenario;
  readonly random: SeededRandom;
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly judge: Judge;
  readonly nowMs: number;
  readonly at: (ms: number, label: string, go: () => void) => void;
}

/** The queue through which workers are called, and all that was asked of it. */
export class WorkerCalls {
  readonly asked: AskedCall[] = [];
  readonly counts: CallCounts = { lost: 0, late: 0, twice: 0 };
  /** The workers that were called, and for what. */
  readonly workers: { readonly task: WorkerTask; readonly call: Invocation }[] = [];
  /** Calls a worker; ends when the queue need not wait for it any longer. */
  callWorker: (task: WorkerTask) => Promise<void> = () => Promise.resolve();
  readonly #world: CallsWorld;
  readonly #random: SeededRandom;
  readonly #queue: MemoryTaskQueue;
  /** What each id was asked for with. */
  readonly #told = new Map<string, string>();

  constructor(world: CallsWorld) {
    this.#world = world;
    this.#random = world.random.fork('worker calls');
    this.#queue = new MemoryTaskQueue({
      nowMs: () => world.nowMs,
      at: (ms, go) => world.at(ms, 'worker called', go),
      call: (data) => this.callWorker(data as WorkerTask),
      maxConcurrentDispatches: Math.max(1, world.scenario.maxWorkers),
      drawDelaysMs: () => this.#drawDelaysMs(),
      isDown: () => !world.faults.isOver && this.#random.chance(world.scenario.queueDownShare),
    });
  }

  /** How an instance calls workers; undefined where nobody can be called. */
  partsFor(process: Process): ScaleOutParts | undefined {
    const { maxWorkers } = this.#world.scenario;
    if (maxWorkers === 0) return undefined;
    return {
      maxWorkers,
      nextTickMs: (afterMs) => nextTickMs(this.#world.scheduler.startMs, afterMs),
      queue: {
        enqueue: async (id, task, notBeforeMs) => {
          await process.stop('request', 'enqueue', { canFail: true });
          const asked: AskedCall = { id, task, notBeforeMs, by: process, atMs: this.#world.nowMs };
          this.#take(asked);
          asked.answer = await this.#queue.enqueue(id, task, notBeforeMs);
          await process.stop('answer', 'enqueued', { canFail: true });
          return asked.answer;
        },
      },
    };
  }

  #take(asked: AskedCall): void {
    this.asked.push(asked);
    const told = JSON.stringify([asked.task, asked.notBeforeMs]);
    const before = this.#told.get(asked.id);
    this.#told.set(asked.id, told);
    if (before === undefined || before === told) return;
    this.#world.judge.accuse('a call has an id of its own', `${asked.id}: ${before}, then ${told}`);
  }

  #drawDelaysMs(): number[] {
    const { callLossShare, callLateShare, callTwiceShare } = this.#world.scenario;
    if (this.#world.faults.isOver) return [0];
    const isTwice = this.#random.chance(callTwiceShare);
    if (isTwice) this.counts.twice += 1;
    return Array.from({ length: isTwice ? 2 : 1 }, () => this.#random.int(0, 300)).flatMap(
      (usualMs) => {
        if (this.#random.chance(callLossShare)) {
          this.counts.lost += 1;
          return [];
        }
        if (!this.#random.chance(callLateShare)) return [usualMs];
        this.counts.late += 1;
        return [this.#random.int(SECOND_MS, LATEST_MS)];
      },
    );
  }
}
