import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { ServerTime } from '#kernel';
import { ManualClock } from '../../kernel/testing/manual-clock.ts';
import { aRunningJob, aSink, aWriter, NO_EFFECTS, T0 } from '../testing/factories.ts';
import type { CalledHandler, RunContext } from '../model/handler.ts';
import { PermanentError } from '../model/handler-errors.ts';
import { aWorker } from '../testing/a-worker.ts';
import { attempt } from './attempt.ts';

const timeoutMs = 20_000;
const job = aRunningJob();
let clock = new ManualClock();

beforeEach(() => {
  clock = new ManualClock();
});

function attemptOf(handler: CalledHandler): ReturnType<typeof attempt> {
  return attempt(aWorker({ clock }), job, handler, new ServerTime(clock, T0));
}

/** A handler's promise, its context and the means to end it. */
function pending<T>() {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  let context: RunContext | undefined;
  const handle = (_: unknown, given: RunContext): Promise<T> => {
    context = given;
    return promise;
  };
  return { handle, resolve, reject, signal: () => context?.signal };
}

describe('a run that ends in time', () => {
  test('of a writer is a success with its effects', async () => {
    const effects = { ...NO_EFFECTS, writes: [{ kind: 'delete', path: 'a/b' } as const] };
    const handler = aWriter({ handle: () => Promise.resolve(effects) });
    expect(await attemptOf(handler)).toEqual({ outcome: { kind: 'success' }, effects });
  });

  test('of a sink is a success', async () => {
    expect(await attemptOf(aSink())).toEqual({ outcome: { kind: 'success' }, effects: undefined });
  });

  test('knows the job and the server’s time', async () => {
    const seen: unknown[] = [];
    const send = async (given: unknown, { time }: RunContext) => {
      seen.push(given, time.nowMs());
    };
    await attemptOf(aSink({ send }));
    expect(seen).toEqual([job, T0]);
  });

  test('leaves no timer behind and never has its signal aborted', async () => {
    const run = pending<void>();
    const attempted = attemptOf(aSink({ send: run.handle }));
    run.resolve();
    await attempted;
    await turn();
    expect(clock.waiting).toBe(0);
    expect(run.signal()?.aborted).toBe(false);
  });
});

describe('a run that throws', () => {
  test.each([
    ['an error', new Error('no'), { kind: 'failure', code: 'error', message: 'no' }],
    ['a permanent one', new PermanentError('no'), { kind: 'permanent', code: 'permanent' }],
  ])('%s is an outcome, never an exception', async (_, error, outcome) => {
    const rejecting = aSink({ send: () => Promise.reject(error) });
    const throwing = aWriter({
      handle: () => {
        throw error;
      },
    });
    expect(await attemptOf(rejecting)).toMatchObject({ outcome, effects: undefined });
    expect(await attemptOf(throwing)).toMatchObject({ outcome, effects: undefined });
    expect(clock.waiting).toBe(0);
  });
});

describe('a run that outlives its timeout', () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  beforeEach(() => {
    process.on('unhandledRejection', note);
  });
  afterEach(() => {
    process.off('unhandledRejection', note);
  });

  test('is aborted at exactly its timeout', async () => {
    const run = pending<void>();
    const attempted = attemptOf(aSink({ send: run.handle }));
    clock.advance(timeoutMs - 1);
    await turn();
    expect(run.signal()?.aborted).toBe(false);
    clock.advance(1);
    await attempted;
    expect(run.signal()?.aborted).toBe(true);
  });

  test('has an unknown outcome where a sink may have taken it', async () => {
    const attempted = attemptOf(aSink({ send: pending<void>().handle }));
    clock.advance(timeoutMs);
    const message = 'The handler did not end within 20000 ms and was aborted.';
    expect(await attempted).toEqual({
      outcome: { kind: 'unknown', code: 'timeout', message },
      effects: undefined,
    });
  });

  test('has plainly failed where nothing was written', async () => {
    const attempted = attemptOf(aWriter({ handle: pending<typeof NO_EFFECTS>().handle }));
    clock.advance(timeoutMs);
    expect(await attempted).toMatchObject({ outcome: { kind: 'failure', code: 'timeout' } });
  });

  test('goes by the handler’s own timeout where it has one', async () => {
    const attempted = attemptOf(aSink({ timeoutMs: 5, send: pending<void>().handle }));
    clock.advance(5);
    expect(await attempted).toMatchObject({ outcome: { kind: 'unknown' } });
  });

  test('is not listened to any more: late effects and late errors go nowhere', async () => {
    const late = pending<typeof NO_EFFECTS>();
    const failing = pending<void>();
    const attempts = [
      attemptOf(aWriter({ handle: late.handle })),
      attemptOf(aSink({ send: failing.handle })),
    ];
    clock.advance(timeoutMs);
    const results = await Promise.all(attempts);
    late.resolve(NO_EFFECTS);
    failing.reject(new Error('too late'));
    await turn();
    expect(results.map(({ effects }) => effects)).toEqual([undefined, undefined]);
    expect(unhandled).toEqual([]);
  });

  test('may end itself by the signal; the outcome stays unknown', async () => {
    const send = (_: unknown, { signal }: RunContext) =>
      new Promise<void>((__, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')));
      });
    const attempted = attemptOf(aSink({ send }));
    clock.advance(timeoutMs);
    expect(await attempted).toMatchObject({ outcome: { kind: 'unknown', code: 'timeout' } });
    expect(unhandled).toEqual([]);
  });
});
