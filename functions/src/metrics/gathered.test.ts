import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { Gathered } from './gathered.ts';
import { reportOf } from './report.ts';
import { anEnd, AT, evenly } from './testing/an-end.ts';

const SLOW_MS = 2_000;

function gatheredOf(...ends: Parameters<typeof anEnd>[0][]): Gathered {
  const gathered = new Gathered();
  for (const end of ends) gathered.add(anEnd(end), SLOW_MS);
  return gathered;
}

function withBins(bins: readonly unknown[]): Buffer {
  const json = inflateRawSync(gatheredOf({}).toBytes()).toString();
  const value = JSON.parse(json) as { all: { run: object } };
  return deflateRawSync(
    JSON.stringify({ ...value, all: { ...value.all, run: { ...value.all.run, bins } } }),
  );
}

const report = (gathered: Gathered) =>
  reportOf({ gathered, fromMs: AT, isTruncated: false }, AT + 10_000);

describe('what ended', () => {
  test('is counted in all, by job type, by event type and by sink', () => {
    const { total, jobTypes, eventTypes, sinks } = report(
      gatheredOf(
        {},
        { end: 'retry', code: 'timeout' },
        { jobType: 'email', eventType: 'task.created', sink: 'smtp' },
        { jobType: 'email', end: 'failed', reason: 'permanent', sink: 'smtp' },
      ),
    );
    expect(total).toMatchObject({
      runs: 4,
      sent: 2,
      retried: 1,
      failed: 1,
      sentPerSecond: 0.2,
      successRate: 0.5,
      retryRate: 0.25,
      failureRate: 0.25,
      deadLetters: { permanent: 1 },
    });
    expect(jobTypes.map(({ name, runs }) => [name, runs])).toEqual([
      ['email', 2],
      ['notif', 2],
    ]);
    expect(eventTypes.map(({ name, runs }) => [name, runs])).toEqual([
      ['invoice.sent', 3],
      ['task.created', 1],
    ]);
    expect(sinks).toMatchObject([
      { name: 'smtp', runs: 2, sent: 1, deadLetters: { permanent: 1 } },
    ]);
  });

  test('is measured to `sent`, to its first start, and while it ran', () => {
    const { total } = report(
      gatheredOf({ ageMs: 100, waitedMs: 80, ranMs: 20 }, { end: 'retry', ranMs: 50 }),
    );
    expect([total.latency?.count, total.dispatch?.count, total.run?.count]).toEqual([1, 2, 2]);
    expect(total.run?.maxMs).toBe(50);
  });

  test('as bulk work is counted, but not measured by how long it waited', () => {
    const { total, slow } = report(gatheredOf({ isBulk: true, ageMs: 3_600_000 }));
    expect(total).toMatchObject({ sent: 1, latency: undefined, dispatch: undefined });
    expect(slow).toEqual([]);
  });

  test('late, or not well, is named, the newest first and not too many', () => {
    const ends = Array.from({ length: 30 }, (_, index) => ({
      jobId: `slow${index}`,
      ageMs: 2_001,
      atMs: AT + index,
    }));
    const failed = { jobId: 'bad', end: 'failed', reason: 'poison', code: 'x' } as const;
    const { slow, failed: told } = gatheredOf(...ends, failed, { ageMs: 2_000 });
    expect(slow.map(({ jobId }) => jobId)).toEqual(
      Array.from({ length: 20 }, (_, index) => `slow${29 - index}`),
    );
    expect(told).toMatchObject([{ jobId: 'bad', reason: 'poison', code: 'x' }]);
  });

  test('of more names than there is room for is with the others', () => {
    const ends = Array.from({ length: 130 }, (_, index) => ({ eventType: `custom.t${index}` }));
    const { eventTypes, total } = report(gatheredOf(...ends));
    expect(eventTypes).toHaveLength(101);
    expect(eventTypes[0]).toMatchObject({ name: '(others)', runs: 30 });
    expect(total.runs).toBe(130);
  });

  test('of two instances adds up', () => {
    const merged = gatheredOf({}, { end: 'retry' });
    merged.merge(gatheredOf({ sink: 'smtp' }, { end: 'failed', reason: 'poison', atMs: AT + 5 }));
    expect(report(merged).total).toMatchObject({ sent: 2, retried: 1, failed: 1 });
    expect(merged.failed.map(({ end }) => end)).toEqual(['failed', 'retry']);
  });
});

describe('as bytes it', () => {
  test('is read as it was written', () => {
    const gathered = gatheredOf(
      { sink: 'smtp', ageMs: 5_000 },
      { end: 'failed', reason: 'permanent', code: 'gone' },
      { ranMs: 0, waitedMs: 0, ageMs: 0 },
    );
    const read = new Gathered();
    read.mergeBytes(gathered.toBytes());
    expect(report(read)).toEqual(report(gathered));
  });

  test('is small: 60 job types, 60 event types and 20 sinks, each of hundreds of runs, in 100 KB', () => {
    const gathered = new Gathered();
    for (const [index, share] of evenly(60 * 500).entries()) {
      const ranMs = Math.exp(3 + 3 * share);
      const waitedMs = Math.exp(4 + 4 * share);
      const name = String(index % 60);
      const said = { jobType: `job${name}`, eventType: `a.b${name}`, sink: `sink${index % 20}` };
      gathered.add(anEnd({ ...said, ranMs, waitedMs, ageMs: ranMs + waitedMs }), SLOW_MS);
    }
    expect(gathered.toBytes().byteLength).toBeLessThan(100_000);
  });

  test.each([
    ['nothing', undefined],
    ['a text', 'x'],
    ['other bytes', Buffer.from('x')],
    ['other JSON', deflateRawSync('{}')],
    ['odd bins', withBins([1])],
    ['bins that are no numbers', withBins([1, 'x'])],
  ])('is not taken from %s', (_, bytes) => {
    const read = gatheredOf({});
    read.mergeBytes(bytes);
    expect(report(read)).toEqual(report(gatheredOf({})));
  });
});
