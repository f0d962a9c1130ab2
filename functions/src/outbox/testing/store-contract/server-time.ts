import { describe, expect, test } from '@jest/globals';
import type { OutboxStore } from '../../store.ts';
import { aJob, T0 } from '../factories.ts';
import type { MakeStore } from './bench.ts';
import { openBench } from './bench.ts';

type Read = (store: OutboxStore, id: string) => Promise<{ readonly readAtMs: number }>;

const READS: Readonly<Record<string, Read>> = {
  controls: (store) => store.readControls(),
  'due rows': (store) => store.findDue({ slots: [0], fromMs: 0, throughMs: T0, limit: 1 }),
  'rows by id': (store, id) => store.readRows([id]),
  'the first of a line': (store) => store.readLine('line1', 1),
  'a scan': (store) => store.scan('all', { limit: 1 }),
  'paused rows': (store) => store.findPaused('org:org1', 1),
  'blocking rows': (store) => store.findBlocking(1),
};

/** Due times and leases are made of what the store says here. */
export function describeServerTime(makeStore: MakeStore): void {
  describe('the server’s time', () => {
    test.each(Object.entries(READS))(
      'comes with %s, in whole milliseconds, and never goes back',
      async (_, read) => {
        const { store, given } = await openBench(makeStore);
        const { readAtMs } = await store.readControls();
        const { job } = await given(aJob());
        const times = [await read(store, job.id), await read(store, job.id)];
        const all = [readAtMs, ...times.map((time) => time.readAtMs)];
        expect(all).toEqual(all.toSorted((a, b) => a - b));
        expect(all.every(Number.isInteger)).toBe(true);
      },
    );
  });
}
