import { describe, expect, test } from '@jest/globals';
import { fixedRandom } from '../../kernel/testing/counting-ids.ts';
import { aRunningJob, aSink, aWriter, PLAIN_POLICY, T0 } from '../testing/factories.ts';
import type { JobHandler } from './handler.ts';
import type { OutboxJob } from './job.ts';
import type { AttemptOutcome } from './outcome.ts';
import { decideSettlement } from './settlement.ts';

const nowMs = T0 + 1_000;
const at = { nowMs, random: fixedRandom() };
const sink = aSink();
const onceOnlySink = aSink({ onUnknownOutcome: 'park' });
const success: AttemptOutcome = { kind: 'success' };
const failure: AttemptOutcome = { kind: 'failure', code: 'error', message: 'no' };
const unknown: AttemptOutcome = { kind: 'unknown', code: 'timeout', message: 'who knows' };
const permanent: AttemptOutcome = { kind: 'permanent', code: 'gone', message: 'never' };

function retryAfter(delayMs: number): AttemptOutcome {
  return { kind: 'retry-after', code: 'retry-after', delayMs, message: 'later' };
}

function retryIn(delayMs: number, spendsAttempt = true) {
  return { kind: 'retry', atMs: nowMs + delayMs, spendsAttempt };
}

interface Given {
  readonly job?: Partial<OutboxJob>;
  readonly handler?: JobHandler;
}

const spent = { kind: 'failed', reason: 'attempts-spent' };

describe('a settlement', () => {
  test.each<[string, AttemptOutcome, Given, object]>([
    ['a success is sent', success, {}, { kind: 'sent' }],
    ['a success on the last attempt is too', success, { job: { attempts: 5 } }, { kind: 'sent' }],
    ['the first failure waits 60 s', failure, { job: { attempts: 1 } }, retryIn(60_000)],
    ['the fourth waits 8 min', failure, { job: { attempts: 4 } }, retryIn(480_000)],
    ['the fifth of five is the last', failure, { job: { attempts: 5 } }, spent],
    [
      'the row’s own maximum counts',
      failure,
      { job: { attempts: 5, maxAttempts: 9 } },
      retryIn(960_000),
    ],
    ['more attempts than there may be are over', failure, { job: { attempts: 7 } }, spent],
    ['a permanent error fails at once', permanent, {}, { kind: 'failed', reason: 'permanent' }],
    ['a failed writer is retried', failure, { handler: aWriter() }, retryIn(60_000)],
    ['an unknown outcome is retried', unknown, {}, retryIn(60_000)],
    ['an unknown outcome spends the last attempt', unknown, { job: { attempts: 5 } }, spent],
    [
      'an unknown outcome is parked where a duplicate hurts',
      unknown,
      { handler: onceOnlySink },
      { kind: 'failed', reason: 'unknown-outcome' },
    ],
    ['a known failure is retried even there', failure, { handler: onceOnlySink }, retryIn(60_000)],
    ['retry-after waits as asked and spends nothing', retryAfter(5_000), {}, retryIn(5_000, false)],
    [
      'retry-after works on the last attempt',
      retryAfter(5_000),
      { job: { attempts: 5 } },
      retryIn(5_000, false),
    ],
  ])('%s', (_, outcome, { job = {}, handler = sink }, settlement) => {
    expect(decideSettlement(aRunningJob(job), outcome, handler, at)).toEqual(settlement);
  });
});

describe('a job’s age', () => {
  const shortLived = aSink({ policy: { ...PLAIN_POLICY, maxAgeMs: 10_000 } });

  test('bounds what retry-after may ask for, counted from when the job was opened', () => {
    const job = aRunningJob({ openedAt: T0 });
    expect(decideSettlement(job, retryAfter(9_000), shortLived, at)).toEqual(retryIn(9_000, false));
    expect(decideSettlement(job, retryAfter(9_001), shortLived, at)).toEqual({
      kind: 'failed',
      reason: 'expired',
    });
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('ends a job that asks to wait %d ms', (ms) => {
    expect(decideSettlement(aRunningJob(), retryAfter(ms), sink, at)).toEqual({
      kind: 'failed',
      reason: 'expired',
    });
  });
});

test('jitter lengthens a retry', () => {
  const handler = aSink({ policy: { ...PLAIN_POLICY, jitter: 0.2 } });
  const settlement = decideSettlement(aRunningJob(), failure, handler, {
    nowMs,
    random: fixedRandom(0.5),
  });
  expect(settlement).toEqual(retryIn(66_000));
});
