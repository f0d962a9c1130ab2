import { describe, expect, test } from '@jest/globals';
import { DAY_MS, DELETE_FIELD, HOUR_MS, MINUTE_MS } from '#kernel';
import type { MemoryOutbox } from '../memory/memory-outbox.ts';
import { openMemoryOutbox } from '../memory/memory-outbox.ts';
import type { ExternalHandler, RunContext } from '../model/handler.ts';
import {
  PermanentError,
  RetryAfterError,
  UnknownOutcomeError,
  UnroutableError,
} from '../model/handler-errors.ts';
import type { FailureReason } from '../model/job.ts';
import { FAILURE_REASONS } from '../model/job.ts';
import { DEFAULT_RETRY_POLICY } from '../model/retry-policy.ts';
import { aSink } from '../testing/factories.ts';

/** An outbox with one job, and how often its handler was called. */
interface Scene {
  readonly outbox: MemoryOutbox;
  readonly id: string;
  readonly calls: { count: number };
}

type Send = ExternalHandler['send'];

function aScene(send: Send, said: Partial<ExternalHandler> = {}): Scene {
  const calls = { count: 0 };
  const counted: Send = (job, context) => {
    calls.count += 1;
    return send(job, context);
  };
  const outbox = openMemoryOutbox({ handlers: [aSink({ send: counted, ...said })] });
  return { outbox, id: outbox.record({ jobType: 'mail' }), calls };
}

const succeed: Send = () => Promise.resolve();
const fail =
  (thrown: Error): Send =>
  async () => {
    throw thrown;
  };
const hang: Send = () => new Promise(() => {});

/** Ticks as the scheduler does, every two minutes, for as long as the job is open. */
async function tickToItsEnd({ outbox, id }: Scene, forMs: number): Promise<void> {
  const endMs = outbox.nowMs() + forMs;
  const isOpen = (): boolean => ['pending', 'processing'].includes(outbox.job(id).status);
  while (isOpen() && outbox.nowMs() < endMs) {
    await outbox.tick();
    outbox.later(2 * MINUTE_MS);
  }
}

async function dieTimes(times: number, { outbox }: Scene): Promise<void> {
  for (let n = 0; n < times; n += 1) {
    await outbox.tickThatDies();
    outbox.later(MINUTE_MS);
  }
}

/** How a job becomes a dead letter for each reason, and what its row then says. */
interface Kind {
  readonly reach: () => Promise<Scene>;
  readonly row: Readonly<Record<string, unknown>>;
  readonly calls: number;
}

const KINDS: Readonly<Record<FailureReason, Kind>> = {
  'attempts-spent': {
    reach: async () => {
      const scene = aScene(fail(Object.assign(new Error('busy'), { code: 503 })));
      await tickToItsEnd(scene, DAY_MS);
      return scene;
    },
    row: { attempts: 5, runs: 5, lastError: { code: '503', message: 'busy' } },
    calls: 5,
  },
  permanent: {
    reach: async () => {
      const scene = aScene(fail(new PermanentError('no such person', { code: 'gone' })));
      await tickToItsEnd(scene, DAY_MS);
      return scene;
    },
    row: { attempts: 1, runs: 1, lastError: { code: 'gone', message: 'no such person' } },
    calls: 1,
  },
  'unknown-outcome': {
    reach: async () => {
      const scene = aScene(hang, { onUnknownOutcome: 'park' });
      await scene.outbox.tick({ handlersTakeMs: 20_000 });
      return scene;
    },
    row: { attempts: 1, runs: 1, lastError: { code: 'timeout' } },
    calls: 1,
  },
  expired: {
    reach: async () => {
      const scene = aScene(fail(new RetryAfterError(HOUR_MS, 'come back later')));
      await tickToItsEnd(scene, 30 * DAY_MS);
      return scene;
    },
    row: { attempts: 1, lastError: { code: 'retry-after', message: 'come back later' } },
    // Once at the beginning, and once an hour for the three days that it may be put off.
    calls: 73,
  },
  poison: {
    reach: async () => {
      const scene = aScene(succeed);
      await dieTimes(3, scene);
      await scene.outbox.tick();
      return scene;
    },
    row: { attempts: 1, runs: 3, crashes: 3, lastError: { code: 'poison' } },
    calls: 3,
  },
  unroutable: {
    reach: async () => {
      const outbox = openMemoryOutbox({ handlers: [] });
      const id = outbox.record({ jobType: 'mail' });
      await tickToItsEnd({ outbox, id, calls: { count: 0 } }, 2 * DAY_MS);
      return { outbox, id, calls: { count: 0 } };
    },
    row: { attempts: 0, runs: 0, lastError: { code: 'unroutable' } },
    calls: 0,
  },
  malformed: {
    reach: async () => {
      const scene = aScene(succeed);
      const data = { attempts: 'many', runs: DELETE_FIELD };
      const path = `outbox/${scene.id}`;
      scene.outbox.documents.commit([{ write: { kind: 'update', path, data } }]);
      await scene.outbox.tick();
      return scene;
    },
    row: { attempts: 'many', lastError: { code: 'malformed' } },
    calls: 0,
  },
};

describe('a job becomes a dead letter', () => {
  test.each(FAILURE_REASONS)('%s, and its row says so', async (reason) => {
    const { reach, row, calls } = KINDS[reason];
    const scene = await reach();
    const stored = scene.outbox.read(`outbox/${scene.id}`);
    expect(stored).toMatchObject({ ...row, status: 'failed', failure: { reason } });
    expect(stored).not.toHaveProperty('nextAttemptAt');
    expect(stored).not.toHaveProperty('lease');
    expect(scene.calls.count).toBe(calls);
  });

  test('is not run again, however long one waits', async () => {
    for (const { reach, calls } of Object.values(KINDS)) {
      const scene = await reach();
      scene.outbox.later(DAY_MS);
      const { read } = await scene.outbox.tick();
      expect(read).toBe(0);
      expect(scene.calls.count).toBe(calls);
    }
    expect(Object.keys(KINDS)).toHaveLength(FAILURE_REASONS.length);
  });
});

describe('what may or may not have been sent', () => {
  const unknown: [string, (scene: Scene) => Promise<void>, Send][] = [
    [
      'a handler outlived its time',
      async ({ outbox }) => void (await outbox.tick({ handlersTakeMs: 20_000 })),
      hang,
    ],
    [
      'its worker was lost',
      async (scene) => {
        await dieTimes(1, scene);
        await scene.outbox.tick();
      },
      succeed,
    ],
    [
      'the handler says so',
      async ({ outbox }) => void (await outbox.tick()),
      fail(new UnknownOutcomeError('no answer')),
    ],
  ];

  test.each(unknown)(
    'because %s is parked where a duplicate would hurt',
    async (_, happen, send) => {
      const scene = aScene(send, { onUnknownOutcome: 'park' });
      await happen(scene);
      const failure = { reason: 'unknown-outcome' };
      expect(scene.outbox.job(scene.id)).toMatchObject({ status: 'failed', failure });
      expect(scene.calls.count).toBe(1);
    },
  );

  test.each(unknown)('because %s is sent again elsewhere', async (_, happen, send) => {
    let isFirst = true;
    const scene = aScene((job, context) => {
      const first = isFirst;
      isFirst = false;
      return first ? send(job, context) : Promise.resolve();
    });
    await happen(scene);
    await tickToItsEnd(scene, HOUR_MS);
    expect(scene.outbox.job(scene.id).status).toBe('sent');
    expect(scene.calls.count).toBe(2);
  });

  test('is known at once by a handler whose time is over: its signal is aborted', async () => {
    const signals: AbortSignal[] = [];
    const { outbox } = aScene((_, { signal }: RunContext) => {
      signals.push(signal);
      return new Promise(() => {});
    });
    await outbox.tick({ handlersTakeMs: 20_000 });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });
});

describe('a job whose handler does not know what it is about', () => {
  const unknown = fail(new UnroutableError('version 2; this code knows 1', { code: 'too-new' }));

  test('is looked at again in 5 minutes and spends no attempt, also where none is left', async () => {
    const scene = aScene(unknown, { policy: { ...DEFAULT_RETRY_POLICY, maxAttempts: 1 } });
    await scene.outbox.tick();
    expect(scene.outbox.job(scene.id)).toMatchObject({
      status: 'pending',
      attempts: 0,
      nextAttemptAt: scene.outbox.nowMs() + 5 * MINUTE_MS,
      unroutableSince: scene.outbox.nowMs(),
      lastError: { code: 'too-new' },
    });
  });

  test('is unroutable after 24 hours, and says why', async () => {
    const scene = aScene(unknown, { onUnknownOutcome: 'park' });
    const startMs = scene.outbox.nowMs();
    await tickToItsEnd(scene, 2 * DAY_MS);
    const job = scene.outbox.job(scene.id);
    expect(job).toMatchObject({
      status: 'failed',
      failure: { reason: 'unroutable' },
      // The last look counts, as where a job expires.
      attempts: 1,
      lastError: { code: 'too-new', message: 'version 2; this code knows 1' },
    });
    expect(job.failure?.at).toBeGreaterThanOrEqual(startMs + DAY_MS);
    expect(job.failure?.at).toBeLessThan(startMs + DAY_MS + 10 * MINUTE_MS);
  });

  test('runs once newer code does, and fails by its own policy from there on', async () => {
    const answers = [unknown, unknown, fail(new Error('busy')), succeed];
    const scene = aScene((job, context) => answers.shift()!(job, context));
    await scene.outbox.tick();
    scene.outbox.later(5 * MINUTE_MS);
    await scene.outbox.tick();
    scene.outbox.later(5 * MINUTE_MS);
    await scene.outbox.tick();
    const job = scene.outbox.job(scene.id);
    expect(job).toMatchObject({ status: 'pending', attempts: 1, lastError: { message: 'busy' } });
    expect(job.unroutableSince).toBeUndefined();
    await tickToItsEnd(scene, HOUR_MS);
    expect(scene.outbox.job(scene.id)).toMatchObject({ status: 'sent', attempts: 2 });
  });
});

describe('a wait that the handler asks for', () => {
  test('ends when it asked, to the millisecond, and spends no attempt', async () => {
    const { outbox, id } = aScene(fail(new RetryAfterError(90_000, 'later')));
    await outbox.tick();
    expect(outbox.job(id)).toMatchObject({
      status: 'pending',
      attempts: 0,
      nextAttemptAt: outbox.nowMs() + 90_000,
    });
  });

  test.each([
    ['just within three days of its age is granted', 3 * DAY_MS, 'pending'],
    ['beyond three days of its age is not', 3 * DAY_MS + 1, 'failed'],
  ])('%s', async (_, delayMs, status) => {
    const { outbox, id } = aScene(fail(new RetryAfterError(delayMs, 'later')));
    await outbox.tick();
    expect(outbox.job(id).status).toBe(status);
  });
});

test('a job that nobody knows for a day less a moment is run when somebody does', async () => {
  const handlers: ExternalHandler[] = [];
  const outbox = openMemoryOutbox({ handlers });
  const id = outbox.record({ jobType: 'mail' });
  await outbox.tick();
  outbox.later(DAY_MS - 1);
  await outbox.tick();
  expect(outbox.job(id)).toMatchObject({ status: 'pending', attempts: 0 });
  handlers.push(aSink());
  outbox.later(HOUR_MS);
  await outbox.tick();
  expect(outbox.job(id)).toMatchObject({ status: 'sent', attempts: 1 });
});
