import { describe, expect, test } from '@jest/globals';
import { HOUR_MS, MINUTE_MS } from '#kernel';
import { pauseJobs } from '../controls/pause.ts';
import { redriveJob } from '../dead-letters/redrive.ts';
import { PermanentError } from '../model/handler-errors.ts';
import type { OutboxJob } from '../model/job.ts';
import { DEFAULT_RETRY_POLICY } from '../model/retry-policy.ts';
import { aChild, aSink, aWriter } from '../testing/factories.ts';
import { openMemoryOutbox } from './memory-outbox.ts';

/** A sink that notes the jobs it was given. */
function aNotingSink(fail?: Error) {
  const jobs: OutboxJob[] = [];
  const send = async (job: OutboxJob) => {
    jobs.push(job);
    if (fail !== undefined) throw fail;
  };
  return { jobs, sink: aSink({ send, policy: DEFAULT_RETRY_POLICY }) };
}

describe('an outbox in memory', () => {
  test('runs what was recorded, and says how it ended', async () => {
    const { jobs, sink } = aNotingSink();
    const outbox = openMemoryOutbox({ handlers: [sink] });
    const id = outbox.record({ jobType: 'mail', orgId: 'org2', causeId: 'e7', payload: { a: 1 } });
    expect(id).toBe('mail:org2:e7');
    expect(await outbox.tick()).toMatchObject({ read: 1, ends: { sent: 1 } });
    expect(jobs).toMatchObject([{ id, orgId: 'org2', payload: { a: 1 }, attempts: 1 }]);
    expect(outbox.logs).toContainEqual(expect.objectContaining({ message: 'job sent', jobId: id }));
  });

  test('makes up what is left out, another cause each time', () => {
    const outbox = openMemoryOutbox({ handlers: [] });
    const ids = [outbox.record({ jobType: 'mail' }), outbox.record({ jobType: 'mail' })];
    expect(new Set(ids).size).toBe(2);
    expect(outbox.job(ids[0]!)).toMatchObject({ orgId: 'org1', status: 'pending', maxAttempts: 5 });
  });

  test('begins when it is told, and its time is moved by the test alone', async () => {
    const outbox = openMemoryOutbox({ handlers: [aSink()], startMs: 1_000 });
    const id = outbox.record({ jobType: 'mail', notBefore: new Date(HOUR_MS) });
    await outbox.tick();
    expect([outbox.nowMs(), outbox.job(id).status]).toEqual([1_000, 'pending']);
    outbox.later(HOUR_MS);
    await outbox.tick();
    expect(outbox.job(id)).toMatchObject({ status: 'sent', sentAt: HOUR_MS + 1_000 });
  });

  test('tries again exactly when the policy says, without jitter', async () => {
    const { jobs, sink } = aNotingSink(new Error('no'));
    const outbox = openMemoryOutbox({ handlers: [sink] });
    outbox.record({ jobType: 'mail' });
    for (const minutes of [0, 1, 2, 4, 8]) {
      outbox.later(minutes * MINUTE_MS - 1);
      await outbox.tick();
      outbox.later(1);
      await outbox.tick();
    }
    expect(jobs.map(({ attempts }) => attempts)).toEqual([1, 2, 3, 4, 5]);
  });

  test('commits effects and children with the settle, and runs both kinds of handler', async () => {
    const { jobs, sink } = aNotingSink();
    const write = { kind: 'create', path: 'things/t', data: { a: 1 } } as const;
    const handle = async () => ({ writes: [write], jobs: [aChild()] });
    const outbox = openMemoryOutbox({ handlers: [sink, aWriter({ handle })] });
    await outbox.trigger(outbox.record({ jobType: 'notif' }));
    expect(outbox.read('things/t')).toEqual({ a: 1 });
    expect(jobs).toHaveLength(1);
  });

  test('is there for what operators do', async () => {
    const { jobs, sink } = aNotingSink(new PermanentError('no'));
    const outbox = openMemoryOutbox({ handlers: [sink] });
    const id = outbox.record({ jobType: 'mail' });
    await outbox.tick();
    expect(await redriveJob(outbox.store, id)).toEqual({ kind: 'redriven' });
    await pauseJobs(outbox.store, { jobType: 'mail' }, { by: 'op', reason: 'why' });
    await outbox.tick();
    expect(outbox.job(id)).toMatchObject({ status: 'pending', pausedBy: 'jobType:mail' });
    expect(jobs).toHaveLength(1);
  });

  test('goes by the settings of the deployment, but for those it is given', async () => {
    const handlers = [aSink({ send: () => new Promise(() => {}) })];
    const outbox = openMemoryOutbox({ handlers, settings: { timeoutMs: 100 } });
    const id = outbox.record({ jobType: 'mail' });
    await outbox.tick({ handlersTakeMs: 100 });
    expect(outbox.job(id).lastError?.code).toBe('timeout');
  });

  test('does not pass off what is no job for one', () => {
    const outbox = openMemoryOutbox({ handlers: [] });
    expect(() => outbox.job('none')).toThrow('There is no job none.');
    const write = { kind: 'create', path: 'outbox/odd', data: { id: 'odd' } } as const;
    outbox.documents.commit([{ write }]);
    expect(() => outbox.job('odd')).toThrow(/^odd is no job: orgId/);
  });
});

describe('a tick that dies', () => {
  test('has called its handlers, and written nothing of how they ended', async () => {
    const { jobs, sink } = aNotingSink(new PermanentError('never heard of'));
    const handle = async () => ({
      writes: [{ kind: 'create', path: 'things/t', data: {} } as const],
      jobs: [],
    });
    const outbox = openMemoryOutbox({ handlers: [sink, aWriter({ handle })] });
    const ids = [outbox.record({ jobType: 'mail' }), outbox.record({ jobType: 'notif' })];
    await outbox.tickThatDies();
    expect(jobs).toHaveLength(1);
    expect(outbox.read('things/t')).toBeUndefined();
    for (const id of ids) {
      expect(outbox.job(id)).toMatchObject({ status: 'processing', attempts: 1, crashes: 0 });
    }
  });

  test('is taken over when its lease is over; effects inside the database happen once', async () => {
    const created: string[] = [];
    const handle = async ({ runs }: OutboxJob) => {
      created.push(`things/run${runs}`);
      const path = `things/run${runs}`;
      return { writes: [{ kind: 'create', path, data: {} } as const], jobs: [] };
    };
    const outbox = openMemoryOutbox({ handlers: [aWriter({ handle })] });
    const id = outbox.record({ jobType: 'notif' });
    await outbox.tickThatDies();
    outbox.later(MINUTE_MS - 1);
    expect((await outbox.tick()).read).toBe(0);
    outbox.later(1);
    await outbox.tick();
    expect(outbox.job(id)).toMatchObject({ status: 'sent', attempts: 1, runs: 2 });
    expect(outbox.job(id).history).toMatchObject([{ outcome: 'crashed' }, { outcome: 'sent' }]);
    expect(created).toEqual(['things/run1', 'things/run2']);
    expect(outbox.read('things/run1')).toBeUndefined();
    expect(outbox.read('things/run2')).toEqual({});
  });

  test('waits for handlers that take their time', async () => {
    const gate = Promise.withResolvers<void>();
    let isDone = false;
    const send = async () => {
      await gate.promise;
      isDone = true;
    };
    const outbox = openMemoryOutbox({ handlers: [aSink({ send })] });
    outbox.record({ jobType: 'mail' });
    const dying = outbox.tickThatDies();
    gate.resolve();
    await dying;
    expect(isDone).toBe(true);
  });
});
