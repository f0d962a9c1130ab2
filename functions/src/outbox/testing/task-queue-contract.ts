import { beforeEach, describe, expect, test } from '@jest/globals';
import { systemIds } from '#kernel';
import type { TaskQueue, WorkerTask } from '../processor/scale-out.ts';
import { parseWorkerTask } from '../processor/work-task.ts';

/** One call of a worker, as it got it. */
export interface WorkerCall {
  readonly data: unknown;
  /** When, by the time that the queue goes by, in milliseconds since the epoch. */
  readonly atMs: number;
}

/** A queue, what became of the calls it was asked for, and a way to let time pass for it. */
export interface TaskQueueUnderTest {
  readonly queue: TaskQueue;
  /** One that cannot be asked, because nobody answers there, say. */
  readonly unreachable: TaskQueue;
  /** The calls so far, in the order of their arrival. */
  readonly calls: () => readonly WorkerCall[];
  readonly nowMs: () => number;
  readonly pass: (ms: number) => Promise<void>;
}

/** Makes a queue for one case. */
export type MakeTaskQueue = () => Promise<TaskQueueUnderTest>;

/** What a queue keeps to. The tasks emulator calls at once, whenever it was told to. */
export interface TaskQueueTraits {
  readonly keepsTimes: boolean;
}

/** A time as no two cases have it: by this the calls of one are told from the calls of others. */
let sinceMs = 1_893_456_000_000;

/** What all task queues promise the engine, as long as they lose nothing. */
export function taskQueueContract(
  name: string,
  make: MakeTaskQueue,
  { keepsTimes }: TaskQueueTraits,
): void {
  let bench: Bench;
  beforeEach(async () => {
    bench = new Bench(await make());
  });
  describe(`calls through the queue ${name}`, () => {
    describeCalls(() => bench);
    if (keepsTimes) describeTimes(() => bench);
  });
}

function describeCalls(bench: () => Bench): void {
  test('arrive with what they were told', async () => {
    const task = aTask({ slots: [0, 7, 1_003], hop: 3 });
    expect(await bench().enqueue(task)).toBe('enqueued');
    await bench().untilArrived(task);
    expect(bench().arrived(task)).toEqual([task]);
  });

  test('are made once for an id, which exists the second time', async () => {
    const [first, second, last] = [aTask(), aTask(), aTask()];
    const id = systemIds.documentId();
    expect(await bench().enqueue(first, { id })).toBe('enqueued');
    expect(await bench().enqueue(first, { id })).toBe('exists');
    expect(await bench().enqueue(second, { id })).toBe('exists');
    await bench().untilArrived(first);
    expect(await bench().enqueue(first, { id })).toBe('exists');
    await bench().enqueue(last);
    await bench().untilArrived(last);
    expect(bench().arrived(first)).toEqual([first]);
    expect(bench().arrived(second)).toEqual([]);
  });

  test('are refused by an error where the queue cannot be asked', async () => {
    const { unreachable } = bench();
    await expect(unreachable.enqueue(systemIds.documentId(), aTask())).rejects.toBeInstanceOf(
      Error,
    );
  });

  test('carry times as exact as they were given', async () => {
    const task = aTask({ untilMs: Number.MAX_SAFE_INTEGER });
    await bench().enqueue(task);
    await bench().untilArrived(task);
    expect(bench().arrived(task)).toEqual([task]);
  });

  test('may be asked for many at a time', async () => {
    const tasks = Array.from({ length: 20 }, () => aTask());
    const answers = await Promise.all(tasks.map((task) => bench().enqueue(task)));
    expect(answers).toEqual(tasks.map(() => 'enqueued'));
    for (const task of tasks) await bench().untilArrived(task);
    expect(tasks.flatMap((task) => bench().arrived(task))).toEqual(tasks);
  });

  test('of one id, asked for at the same moment, are one', async () => {
    const [task, last] = [aTask(), aTask()];
    const id = systemIds.documentId();
    const asked = Array.from({ length: 5 }, () => bench().enqueue(task, { id }));
    const answers = await Promise.all(asked);
    expect(answers.toSorted()).toEqual(['enqueued', 'exists', 'exists', 'exists', 'exists']);
    await bench().enqueue(last);
    for (const one of [task, last]) await bench().untilArrived(one);
    expect(bench().arrived(task)).toEqual([task]);
  });
}

function describeTimes(bench: () => Bench): void {
  test('are not made before their time', async () => {
    const [later, atOnce] = [aTask(), aTask()];
    const notBeforeMs = bench().nowMs() + 2_000;
    await bench().enqueue(later, { notBeforeMs });
    await bench().enqueue(atOnce);
    await bench().untilArrived(atOnce);
    expect(bench().nowMs()).toBeLessThan(notBeforeMs);
    expect(bench().arrived(later)).toEqual([]);
    await bench().untilArrived(later);
    expect(bench().timeOf(later)).toBeGreaterThanOrEqual(notBeforeMs);
  });

  test('whose time is past are made at once', async () => {
    const task = aTask();
    await bench().enqueue(task, { notBeforeMs: bench().nowMs() - 60_000 });
    await bench().untilArrived(task);
    expect(bench().arrived(task)).toEqual([task]);
  });
}

function aTask(said: Partial<WorkerTask> = {}): WorkerTask {
  sinceMs += 1;
  return { slots: [1], sinceMs, untilMs: sinceMs + 120_000, hop: 0, ...said };
}

class Bench {
  readonly unreachable: TaskQueue;
  readonly nowMs: TaskQueueUnderTest['nowMs'];
  readonly #made: TaskQueueUnderTest;

  constructor(made: TaskQueueUnderTest) {
    this.#made = made;
    this.unreachable = made.unreachable;
    this.nowMs = made.nowMs;
  }

  enqueue(
    task: WorkerTask,
    { id = systemIds.documentId(), notBeforeMs }: { id?: string; notBeforeMs?: number } = {},
  ): Promise<'enqueued' | 'exists'> {
    return this.#made.queue.enqueue(id, task, notBeforeMs);
  }

  arrived(task: WorkerTask): (WorkerTask | undefined)[] {
    return this.#callsFor(task).map(({ data }) => parseWorkerTask(data));
  }

  timeOf(task: WorkerTask): number | undefined {
    return this.#callsFor(task)[0]?.atMs;
  }

  async untilArrived(task: WorkerTask): Promise<void> {
    while (this.#callsFor(task).length === 0) await this.#made.pass(10);
  }

  #callsFor(task: WorkerTask): WorkerCall[] {
    const calls = this.#made.calls();
    return calls.filter(({ data }) => parseWorkerTask(data)?.sinceMs === task.sinceMs);
  }
}
