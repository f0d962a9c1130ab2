import { describe, expect, test } from '@jest/globals';
import { aJob, anEntry, aRun, aRunningJob, T0 } from '../testing/factories.ts';
import type { OutboxJob } from './job.ts';
import type { AttemptOutcome } from './outcome.ts';
import type { Settlement } from './settlement.ts';
import { endRun, failWithoutRun, pushBack, startRun } from './transitions.ts';

const success: AttemptOutcome = { kind: 'success' };
const failure: AttemptOutcome = { kind: 'failure', code: 'E1', message: 'no' };
const later: AttemptOutcome = {
  kind: 'retry-after',
  code: 'retry-after',
  delayMs: 5,
  message: 'later',
};
const sent: Settlement = { kind: 'sent' };
const spent: Settlement = { kind: 'failed', reason: 'attempts-spent' };
const endMs = T0 + 2_000;
const retryAtMs = T0 + 62_000;
/** When every run here ends, and how long what is sent stays. */
const at = { nowMs: endMs, keepSentMs: 5_000 };

function retry(spendsAttempt: boolean): Settlement {
  return { kind: 'retry', atMs: retryAtMs, spendsAttempt };
}

/** A handler whose jobs stand in no line. */
const unordered = {};

/** Starts and ends runs one after the other, each as told. */
function liveThrough(job: OutboxJob, ...ends: readonly ('crash' | 'fail' | 'retry-after')[]) {
  return ends.reduce((before, end) => {
    const running = startRun(before, aRun());
    if (end === 'crash') return running;
    return end === 'fail'
      ? endRun(running, unordered, { settlement: retry(true), outcome: failure, ...at })
      : endRun(running, unordered, { settlement: retry(false), outcome: later, ...at });
  }, job);
}

describe('a start', () => {
  test('of a pending row claims it: an attempt more, a lease, and due when the lease ends', () => {
    const run = aRun({ runId: 'r1', by: 'trigger', leaseEndsAtMs: T0 + 30_000 });
    expect(startRun(aJob({ attempts: 2, runs: 7 }), run)).toMatchObject({
      status: 'processing',
      attempts: 3,
      crashes: 0,
      runs: 8,
      runId: 'r1',
      lease: { expiresAt: T0 + 30_000 },
      nextAttemptAt: T0 + 30_000,
      history: [{ runId: 'r1', by: 'trigger', attempt: 3, startedAt: T0, outcome: 'running' }],
    });
  });

  test('after a crash counts the crash and not the attempt, and the history says so', () => {
    const takenOver = startRun(aRunningJob({ attempts: 2, runs: 4 }), aRun({ runId: 'run2' }));
    expect(takenOver).toMatchObject({ attempts: 2, crashes: 1, runs: 5, runId: 'run2' });
    expect(takenOver.history).toMatchObject([
      { runId: 'run1', outcome: 'crashed' },
      { runId: 'run2', outcome: 'running', attempt: 2 },
    ]);
    expect(takenOver.history[0]?.endedAt).toBeUndefined();
  });

  test('of a pending suspect keeps its crashes', () => {
    expect(startRun(aJob({ crashes: 1 }), aRun())).toMatchObject({ attempts: 1, crashes: 1 });
  });

  test('may yet turn out to be unroutable: since when is kept until it ends', () => {
    const started = startRun(aJob({ unroutableSince: T0 }), aRun());
    expect(started.unroutableSince).toBe(T0);
  });

  test('leaves what never changes as it was', () => {
    const job = aJob({ recipientUid: 'uid1', payload: { a: 1 }, eventId: 'e1' });
    const { id, orgId, jobType, metadata, createdAt, openedAt, slot, redrives } = job;
    expect(startRun(job, aRun())).toMatchObject({
      id,
      orgId,
      jobType,
      metadata,
      createdAt,
      openedAt,
      slot,
      redrives,
      recipientUid: 'uid1',
      payload: { a: 1 },
      eventId: 'e1',
    });
  });
});

describe('an end', () => {
  test('as sent closes the row and lets it expire after as long as sent rows are kept', () => {
    expect(
      endRun(aRunningJob({ crashes: 2 }), unordered, {
        settlement: sent,
        outcome: success,
        ...at,
      }),
    ).toEqual(
      aRunningJob({
        id: expect.any(String) as unknown as string,
        status: 'sent',
        crashes: 0,
        lease: undefined,
        nextAttemptAt: undefined,
        lastError: undefined,
        sentAt: endMs,
        expireAt: endMs + 5_000,
        history: [anEntry({ endedAt: endMs, outcome: 'sent', code: undefined })],
      }),
    );
  });

  test('as a retry opens it again, due later, with what went wrong', () => {
    const ended = endRun(aRunningJob({ crashes: 1 }), unordered, {
      settlement: retry(true),
      outcome: failure,
      ...at,
    });
    expect(ended).toMatchObject({
      status: 'pending',
      attempts: 1,
      crashes: 0,
      lease: undefined,
      nextAttemptAt: retryAtMs,
      lastError: { code: 'E1', message: 'no', at: endMs },
      history: [{ outcome: 'retry', endedAt: endMs, code: 'E1' }],
    });
    expect(ended.failure).toBeUndefined();
  });

  test('as failed makes it a dead letter, never due and never expiring', () => {
    const ended = endRun(aRunningJob({ attempts: 5 }), unordered, {
      settlement: spent,
      outcome: failure,
      ...at,
    });
    expect(ended).toMatchObject({
      status: 'failed',
      attempts: 5,
      nextAttemptAt: undefined,
      lease: undefined,
      failure: { reason: 'attempts-spent', at: endMs },
      lastError: { code: 'E1' },
      history: [{ outcome: 'failed', code: 'E1' }],
    });
    expect(ended.expireAt).toBeUndefined();
  });

  test('says since when it is unroutable only where that is how it ended', () => {
    const job = aRunningJob({ unroutableSince: T0 });
    const endAs = (settlement: Parameters<typeof endRun>[2]['settlement']) =>
      endRun(job, unordered, { settlement, outcome: failure, ...at }).unroutableSince;
    expect(endAs({ kind: 'retry', atMs: T0, spendsAttempt: false, unroutableSince: T0 })).toBe(T0);
    expect([endAs(retry(true)), endAs(sent), endAs(spent)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('of one run leaves the entries of others alone', () => {
    const crashed = anEntry({ runId: 'run0', outcome: 'crashed' });
    const job = aRunningJob({ history: [crashed, anEntry()] });
    expect(
      endRun(job, unordered, { settlement: sent, outcome: success, ...at }).history[0],
    ).toEqual(crashed);
  });

  test('as sent keeps the last error to be looked at', () => {
    const lastError = { code: 'E1', message: 'no', at: T0 };
    expect(
      endRun(aRunningJob({ lastError }), unordered, {
        settlement: sent,
        outcome: success,
        ...at,
      }).lastError,
    ).toEqual(lastError);
  });
});

describe('counting', () => {
  test.each([
    ['a failure spends an attempt', ['fail'], { attempts: 1, crashes: 0, runs: 1 }],
    [
      'retry-after leaves attempts as before its claim',
      ['retry-after'],
      { attempts: 0, crashes: 0, runs: 1 },
    ],
    [
      'also between failures',
      ['fail', 'retry-after', 'fail'],
      { attempts: 2, crashes: 0, runs: 3 },
    ],
    ['a crash spends nothing', ['crash', 'crash'], { attempts: 1, crashes: 1, runs: 2 }],
    [
      'the attempt that ends after crashes is spent once',
      ['crash', 'crash', 'fail'],
      { attempts: 1, crashes: 0, runs: 3 },
    ],
    [
      'retry-after spends nothing after crashes either',
      ['crash', 'crash', 'retry-after'],
      { attempts: 0, crashes: 0, runs: 3 },
    ],
    [
      'crashes count only in a row',
      ['crash', 'fail', 'crash'],
      { attempts: 2, crashes: 0, runs: 3 },
    ],
    [
      'three starts without an end make two crashes known',
      ['crash', 'crash', 'crash'],
      { attempts: 1, crashes: 2, runs: 3 },
    ],
  ] as const)('%s', (_, ends, counts) => {
    expect(liveThrough(aJob(), ...ends)).toMatchObject(counts);
  });

  test('a row remembers its ten latest runs', () => {
    const old = liveThrough(aJob(), ...Array.from({ length: 14 }, () => 'fail' as const));
    expect(old.history).toHaveLength(10);
    expect(old.history.map(({ attempt }) => attempt)).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
    expect(old.runs).toBe(14);
  });
});

describe('without a run', () => {
  test('a lease that ran out becomes a dead letter; the start that never ended is counted', () => {
    const failed = failWithoutRun(aRunningJob({ crashes: 2 }), undefined, {
      reason: 'poison',
      message: 'why',
      ...at,
    });
    expect(failed).toMatchObject({
      status: 'failed',
      attempts: 1,
      crashes: 3,
      runs: 1,
      lease: undefined,
      nextAttemptAt: undefined,
      failure: { reason: 'poison', at: endMs },
      lastError: { code: 'poison', message: 'why', at: endMs },
      history: [{ outcome: 'crashed' }],
    });
  });

  test('a pending row becomes a dead letter; no crash is counted', () => {
    const failed = failWithoutRun(aJob({ attempts: 1 }), undefined, {
      reason: 'unroutable',
      message: 'why',
      ...at,
    });
    expect(failed).toMatchObject({ status: 'failed', attempts: 1, crashes: 0, runs: 0 });
  });

  test('a row nobody can run is due later and nothing of it is counted', () => {
    const job = aJob({ attempts: 1, crashes: 1 });
    expect(pushBack(job, retryAtMs, T0)).toEqual({
      ...job,
      nextAttemptAt: retryAtMs,
      unroutableSince: T0,
    });
  });
});
