import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { ManualClock } from '../kernel/testing/manual-clock.ts';
import { KeptLogs } from '../outbox/testing/a-worker.ts';
import type { Metrics } from './recorder.ts';
import { createMetrics } from './recorder.ts';
import type { WrittenWindow } from './store.ts';
import { WINDOW_MS } from './store.ts';
import { anEnd, AT } from './testing/an-end.ts';

let clock: ManualClock;
let logs: KeptLogs;
let written: WrittenWindow[];
let refusal: Error | undefined;
let metrics: Metrics;
let onWrite: () => void;

beforeEach(() => {
  clock = new ManualClock();
  logs = new KeptLogs();
  written = [];
  refusal = undefined;
  onWrite = () => {};
  const write = (window: WrittenWindow): Promise<void> => {
    if (refusal !== undefined) return Promise.reject(refusal);
    written.push(window);
    onWrite();
    return Promise.resolve();
  };
  metrics = createMetrics({
    store: { write },
    instanceId: 'instance1',
    clock,
    logger: logs,
    slowMs: 2_000,
  });
});

const sentIn = (windows: readonly WrittenWindow[]): number[] =>
  windows.map(({ gathered }) => gathered.all.ends.sent);

describe('an instance', () => {
  test('that ran nothing writes nothing', async () => {
    await metrics.writeDue();
    await metrics.writeRest();
    expect(written).toEqual([]);
  });

  test('writes once a minute, however many calls end in it, and then all there is', async () => {
    metrics.observe(anEnd());
    await metrics.writeDue();
    metrics.observe(anEnd());
    await Promise.all([metrics.writeDue(), metrics.writeDue(), metrics.writeDue()]);
    expect(sentIn(written)).toEqual([1]);
    clock.advance(60_000);
    metrics.observe(anEnd({ atMs: AT + 60_000 }));
    await Promise.all([metrics.writeDue(), metrics.writeDue()]);
    expect(sentIn(written)).toEqual([1, 3]);
    expect(written[1]!.added.all.ends.sent).toBe(2);
  });

  test('writes what is left when it is told to end, in a minute that it wrote in already', async () => {
    metrics.observe(anEnd());
    await metrics.writeDue();
    metrics.observe(anEnd());
    await metrics.writeRest();
    expect(sentIn(written)).toEqual([1, 2]);
    await metrics.writeRest();
    expect(written).toHaveLength(2);
  });

  test('writes every minute while a long call runs, and what is left at its end', async () => {
    const endJob = (): void => metrics.observe(anEnd({ atMs: AT + clock.elapsedMs() }));
    const nextWrite = (): Promise<void> =>
      new Promise((resolve) => {
        onWrite = resolve;
      });
    endJob();
    for (let minute = 0; minute < 2; minute += 1) {
      clock.advance(59_999);
      endJob();
      clock.advance(1);
      const wrote = nextWrite();
      endJob();
      await wrote;
    }
    endJob();
    await metrics.writeDue();
    expect(sentIn(written)).toEqual([3, 5, 6]);
  });

  test('writes a short call once, at its end, however long nothing was run before', async () => {
    metrics.observe(anEnd());
    await metrics.writeDue();
    clock.advance(120_000);
    metrics.observe(anEnd({ atMs: AT + 120_000 }));
    await turn();
    await turn();
    metrics.observe(anEnd({ atMs: AT + 120_000 }));
    await metrics.writeDue();
    expect(sentIn(written)).toEqual([1, 3]);
  });

  test('begins another document with every window', async () => {
    metrics.observe(anEnd());
    await metrics.writeDue();
    clock.advance(WINDOW_MS);
    metrics.observe(anEnd({ atMs: AT + WINDOW_MS }));
    await metrics.writeDue();
    expect(written.map(({ startMs }) => startMs)).toEqual([AT, AT + WINDOW_MS]);
    expect(sentIn(written)).toEqual([1, 1]);
  });

  test('notes its last scheduled sweep, also when nothing was to be done', async () => {
    metrics.ticked(AT);
    await metrics.writeDue();
    clock.advance(120_000);
    await metrics.writeDue();
    metrics.ticked(AT + 120_000);
    await metrics.writeDue();
    expect(written.map(({ lastTickMs }) => lastTickMs)).toEqual([AT, AT + 120_000]);
  });
});

describe('what could not be written', () => {
  test('is logged once, and written with what comes later, in whatever window', async () => {
    refusal = new Error('unavailable');
    metrics.observe(anEnd());
    await metrics.writeDue();
    clock.advance(60_000);
    metrics.observe(anEnd());
    await metrics.writeDue();
    expect(logs.troubles).toEqual(['metrics could not be written; they are written with the next']);
    refusal = undefined;
    clock.advance(WINDOW_MS);
    metrics.observe(anEnd({ atMs: AT + WINDOW_MS }));
    await metrics.writeDue();
    expect([sentIn(written), written[0]?.startMs]).toEqual([[3], AT + WINDOW_MS]);
  });

  test('is tried again in the next minute only, and logged again after it went well between', async () => {
    refusal = new Error('unavailable');
    metrics.observe(anEnd());
    await metrics.writeDue();
    refusal = undefined;
    await metrics.writeDue();
    expect(written).toEqual([]);
    clock.advance(60_000);
    await metrics.writeDue();
    expect(sentIn(written)).toEqual([1]);
    refusal = new Error('unavailable');
    clock.advance(60_000);
    metrics.observe(anEnd({ atMs: AT + 120_000 }));
    await metrics.writeDue();
    expect(logs.troubles).toHaveLength(2);
  });
});
