import { expect, test } from '@jest/globals';
import { ManualClock } from '../../kernel/testing/manual-clock.ts';
import { T0 } from '../testing/factories.ts';
import type { WorkerCall } from '../testing/task-queue-contract.ts';
import { taskQueueContract } from '../testing/task-queue-contract.ts';
import type { MemoryTaskQueueParts } from './memory-task-queue.ts';
import { MemoryTaskQueue } from './memory-task-queue.ts';

function aQueue(said: Partial<MemoryTaskQueueParts> = {}) {
  const clock = new ManualClock();
  const calls: WorkerCall[] = [];
  const nowMs = (): number => T0 + clock.elapsedMs();
  const queue = new MemoryTaskQueue({
    nowMs,
    at: (ms, go) => {
      clock.wait(ms - nowMs()).then(go, go);
    },
    call: async (data) => {
      calls.push({ data, atMs: nowMs() });
    },
    ...said,
  });
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await settled();
  };
  return { queue, calls: () => calls, nowMs, pass };
}

/** All that follows at once has happened when the event loop comes round. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

taskQueueContract(
  'in memory',
  async () => ({ ...aQueue(), unreachable: aQueue({ isDown: () => true }).queue }),
  { keepsTimes: true },
);

const task = { slots: [1], sinceMs: T0, untilMs: T0 + 120_000, hop: 0 };

test('calls are lost, late or made twice as it is told', async () => {
  const fates = [[], [5_000], [0, 1_000]];
  const { queue, calls, pass } = aQueue({ drawDelaysMs: () => fates.shift() ?? [] });
  for (const hop of [0, 1, 2]) await queue.enqueue(`${hop}`, { ...task, hop });
  for (let second = 0; second <= 5; second += 1) await pass(second === 0 ? 0 : 1_000);
  const told = calls().map(({ data, atMs }) => [(data as typeof task).hop, atMs - T0]);
  expect(told).toEqual([
    [2, 0],
    [2, 1_000],
    [1, 5_000],
  ]);
});

test('no more calls are under way than it may make at once, and none is forgotten', async () => {
  const ends: (() => void)[] = [];
  let mostAtOnce = 0;
  const { queue, pass } = aQueue({
    maxConcurrentDispatches: 2,
    call: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      ends.push(resolve);
      mostAtOnce = Math.max(mostAtOnce, ends.length - ended);
      return promise;
    },
  });
  let ended = 0;
  for (let hop = 0; hop < 5; hop += 1) await queue.enqueue(`${hop}`, { ...task, hop });
  await pass(0);
  while (ended < ends.length) {
    ends[ended]?.();
    ended += 1;
    await pass(0);
  }
  expect(ends).toHaveLength(5);
  expect(mostAtOnce).toBe(2);
});
