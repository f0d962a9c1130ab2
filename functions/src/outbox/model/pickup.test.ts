import { describe, expect, test } from '@jest/globals';
import { aJob, aRunningJob, aSink, aWriter, T0 } from '../testing/factories.ts';
import type { OutboxJob } from './job.ts';
import { decidePickup, isSuspect } from './pickup.ts';

const HOUR_MS = 3_600_000;
const leaseEndMs = T0 + 60_000;
const sink = aSink();
const onceOnlySink = aSink({ onUnknownOutcome: 'park' });
const writer = aWriter();

describe('a row that can be run is run', () => {
  test.each<[string, OutboxJob, number]>([
    ['pending and due at this millisecond', aJob(), T0],
    ['pending and long overdue', aJob(), T0 + 90 * HOUR_MS],
    ['its lease ran out at this millisecond', aRunningJob(), leaseEndMs],
    ['its lease ran out after one crash already', aRunningJob({ crashes: 1 }), leaseEndMs],
    ['redriven from poison: pending with a crash', aJob({ crashes: 1 }), T0],
    [
      'pending, whatever its crashes: only a lease that ran out is poison',
      aJob({ crashes: 2 }),
      T0,
    ],
    ['routable again', aJob({ unroutableSince: T0 - 48 * HOUR_MS }), T0],
  ])('%s', (_, job, nowMs) => {
    expect(decidePickup(job, sink, { nowMs: nowMs, pauses: [], openForMs: 0 })).toEqual({
      kind: 'run',
      handler: sink,
    });
    expect(decidePickup(job, writer, { nowMs: nowMs, pauses: [], openForMs: 0 })).toEqual({
      kind: 'run',
      handler: writer,
    });
  });

  test('a new job of a sink that takes no duplicate, too', () => {
    expect(decidePickup(aJob(), onceOnlySink, { nowMs: T0, pauses: [], openForMs: 0 }).kind).toBe(
      'run',
    );
  });
});

describe('a row that is not ours to touch is left', () => {
  test.each<[string, OutboxJob, number]>([
    ['due in a millisecond', aJob(), T0 - 1],
    ['leased for another millisecond', aRunningJob(), leaseEndMs - 1],
    ['without a due time (paused)', aJob({ nextAttemptAt: undefined }), T0],
    ['sent', aJob({ status: 'sent', nextAttemptAt: undefined }), T0],
    ['failed', aJob({ status: 'failed', nextAttemptAt: undefined }), T0],
    ['cancelled', aJob({ status: 'cancelled', nextAttemptAt: undefined }), T0],
  ])('%s', (_, job, nowMs) => {
    expect(decidePickup(job, sink, { nowMs: nowMs, pauses: [], openForMs: 0 })).toEqual({
      kind: 'leave',
    });
    expect(decidePickup(job, undefined, { nowMs: nowMs, pauses: [], openForMs: 0 })).toEqual({
      kind: 'leave',
    });
  });
});

describe('a row that must not be run fails without a run', () => {
  test('poison: its third start in a row did not end, whether or not anybody knows its type', () => {
    const job = aRunningJob({ crashes: 2 });
    for (const handler of [sink, writer, onceOnlySink, undefined]) {
      expect(
        decidePickup(job, handler, { nowMs: leaseEndMs, pauses: [], openForMs: 0 }),
      ).toMatchObject({
        kind: 'fail',
        reason: 'poison',
        message: expect.stringContaining('3 starts in a row'),
      });
    }
  });

  test('unknown outcome: the worker was lost over a sink that takes no duplicate', () => {
    expect(
      decidePickup(aRunningJob(), onceOnlySink, { nowMs: leaseEndMs, pauses: [], openForMs: 0 }),
    ).toMatchObject({
      kind: 'fail',
      reason: 'unknown-outcome',
    });
  });
});

describe('a job type nobody knows', () => {
  test('is looked at again in five minutes, and remembered since when', () => {
    expect(decidePickup(aJob(), undefined, { nowMs: T0, pauses: [], openForMs: 0 })).toEqual({
      kind: 'wait',
      untilMs: T0 + 300_000,
      unroutableSince: T0,
    });
    const later = T0 + HOUR_MS;
    expect(
      decidePickup(aJob({ unroutableSince: T0 }), undefined, {
        nowMs: later,
        pauses: [],
        openForMs: 0,
      }),
    ).toEqual({
      kind: 'wait',
      untilMs: later + 300_000,
      unroutableSince: T0,
    });
  });

  test('is a dead letter after 24 hours and names the type', () => {
    const job = aJob({ jobType: 'crm.push', unroutableSince: T0 });
    expect(
      decidePickup(job, undefined, { nowMs: T0 + 24 * HOUR_MS - 1, pauses: [], openForMs: 0 }).kind,
    ).toBe('wait');
    expect(
      decidePickup(job, undefined, { nowMs: T0 + 24 * HOUR_MS, pauses: [], openForMs: 0 }),
    ).toMatchObject({
      kind: 'fail',
      reason: 'unroutable',
      message: expect.stringContaining('crm.push'),
    });
  });
});

test('a suspect is a row whose last start did not end', () => {
  expect(isSuspect(aJob())).toBe(false);
  expect(isSuspect(aJob({ attempts: 3, runs: 3 }))).toBe(false);
  expect(isSuspect(aJob({ crashes: 1 }))).toBe(true);
  expect(isSuspect(aRunningJob())).toBe(true);
});

describe('a closed row that has a due time is closed properly, or it would be found for ever', () => {
  test.each(['sent', 'failed', 'cancelled'] as const)('%s', (status) => {
    expect(decidePickup(aJob({ status }), sink, { nowMs: T0, pauses: [], openForMs: 0 })).toEqual({
      kind: 'close',
    });
  });
});
