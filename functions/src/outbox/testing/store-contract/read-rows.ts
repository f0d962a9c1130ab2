import { describe, expect, test } from '@jest/globals';
import { aJob, anEntry, T0 } from '../factories.ts';
import type { MakeStore } from './bench.ts';
import { openBench, pathOf } from './bench.ts';

export function describeReadRows(makeStore: MakeStore): void {
  describe('rows by id', () => {
    test('come whole, as they were written', async () => {
      const bench = await openBench(makeStore);
      const job = aJob({
        eventId: 'event1',
        eventType: 'invoice.sent',
        recipientUid: 'uid1',
        payload: { to: ['a'], deep: { n: 1, none: null } },
        metadata: { correlationId: 'c1', traceparent: 't1' },
        status: 'failed',
        nextAttemptAt: undefined,
        runId: 'run1',
        lease: { expiresAt: T0 + 1 },
        unroutableSince: T0 + 2,
        lastError: { code: 'E1', message: 'no', at: T0 + 3 },
        failure: { reason: 'permanent', at: T0 + 4 },
        history: [anEntry({ endedAt: T0 + 5, outcome: 'failed', code: 'E1' }), anEntry()],
        sentAt: T0 + 6,
        expireAt: T0 + 7,
      });
      const row = await bench.given(job);
      const { nextAttemptAt: _, ...rest } = job;
      expect(row.job).toEqual(rest);
    });

    test('that do not exist are left out', async () => {
      const bench = await openBench(makeStore);
      await bench.put(aJob({ id: 'there' }));
      const { rows, readAtMs } = await bench.store.readRows(['none', 'there', 'nor this']);
      expect(rows).toMatchObject([{ kind: 'job', job: { id: 'there' } }]);
      expect(readAtMs).toBeGreaterThan(0);
    });

    test('are found whatever their ids and payloads say', async () => {
      const bench = await openBench(makeStore);
      const payload = { 'a.b': 1, 'Gruß 🎉': '日本語', quoted: '`"\\', empty: {}, list: [] };
      const ids = ['mail:org1:e1:contact-c1', 'notif:org1:e1~op1~s3', 'größe:🎉', 'a.b', 'A_b-c'];
      await bench.put(...ids.map((id) => aJob({ id, payload })));
      const { rows } = await bench.store.readRows(ids);
      const found = rows.map((row) => row.kind === 'job' && row.job);
      expect(found).toMatchObject(ids.map((id) => ({ id, payload })));
    });

    test('may be hundreds, and large', async () => {
      const bench = await openBench(makeStore);
      const payload = { text: 'x'.repeat(10_000) };
      const jobs = Array.from({ length: 300 }, () => aJob({ payload }));
      await bench.put(...jobs.slice(0, 150));
      await bench.put(...jobs.slice(150));
      const { rows } = await bench.store.readRows(jobs.map(({ id }) => id));
      expect(rows.map((row) => row.kind === 'job' && row.job)).toEqual(jobs);
    });

    test('of nothing are nothing', async () => {
      const bench = await openBench(makeStore);
      expect((await bench.store.readRows([])).rows).toEqual([]);
    });

    test('that are no jobs come as such', async () => {
      const bench = await openBench(makeStore);
      const job = aJob();
      await bench.put(job);
      await bench.write([{ kind: 'merge', path: pathOf(job), data: { history: 'none' } }]);
      const { rows } = await bench.store.readRows([job.id]);
      expect(rows).toMatchObject([
        { kind: 'malformed', id: job.id, problem: expect.stringContaining('history') },
      ]);
    });
  });
}
