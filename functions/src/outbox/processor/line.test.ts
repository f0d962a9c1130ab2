import { beforeEach, describe, expect, test } from '@jest/globals';
import { HOUR_MS, MINUTE_MS } from '#kernel';
import { countingIds } from '../../kernel/testing/counting-ids.ts';
import { ManualClock } from '../../kernel/testing/manual-clock.ts';
import { MemoryDocuments } from '../memory/memory-documents.ts';
import { createMemoryOutboxStore } from '../memory/memory-store.ts';
import { PermanentError } from '../model/handler-errors.ts';
import type { OutboxJob } from '../model/job.ts';
import { createRow } from '../record/record-job.ts';
import { aWorker } from '../testing/a-worker.ts';
import { aJob, aSink, aWriter, T0 } from '../testing/factories.ts';
import { runJobsNow } from './fast-path.ts';
import { sweep } from './sweep.ts';

let nowMs: number;
let documents: MemoryDocuments;
let delivered: string[];
/** What the sink throws for a job, by its id. */
let troubles: Map<string, Error>;
const ids = countingIds('run');

beforeEach(() => {
  nowMs = T0;
  documents = new MemoryDocuments(() => nowMs);
  delivered = [];
  troubles = new Map();
});

interface LineSaid {
  readonly onDeadLetter?: 'block' | 'pass-over';
}

function aWorkerInLine({ onDeadLetter = 'block' }: LineSaid = {}) {
  const send = ({ id }: OutboxJob) => {
    const trouble = troubles.get(id);
    if (trouble !== undefined) return Promise.reject(trouble);
    delivered.push(id);
    return Promise.resolve();
  };
  const handlers = [aSink({ ordered: { onDeadLetter }, send }), aWriter()];
  const store = createMemoryOutboxStore(documents);
  return aWorker({ store, handlers, ids, clock: new ManualClock() });
}

function tick(said?: LineSaid) {
  return sweep(aWorkerInLine(said), { lastFromZeroElapsedMs: undefined });
}

/** A job of line `line`, whose id says its place. */
function inLine(sequence: number, said: Partial<OutboxJob> = {}): OutboxJob {
  const job = aJob({
    id: `mail:org1:event-${sequence}`,
    orderingKey: 'mail:line',
    sequence,
    ...said,
  });
  documents.commit([{ write: createRow(job) }]);
  return job;
}

function stored({ id }: OutboxJob): Readonly<Record<string, unknown>> {
  return documents.get(`outbox/${id}`)?.data ?? {};
}

function dueIn(job: OutboxJob): number {
  return (stored(job)['nextAttemptAt'] as Date).getTime() - nowMs;
}

describe('jobs of one line', () => {
  test('run in the order of their sequence, whatever their due times', async () => {
    const jobs = [3, 1, 2].map((sequence) =>
      inLine(sequence, { nextAttemptAt: T0 - sequence, slot: sequence }),
    );
    await tick();
    expect(delivered).toEqual(['mail:org1:event-1', 'mail:org1:event-2', 'mail:org1:event-3']);
    expect(jobs.map((job) => stored(job)['status'])).toEqual(['sent', 'sent', 'sent']);
  });

  test('leave the line when they are sent', async () => {
    const job = inLine(1);
    await tick();
    expect(stored(job)).not.toHaveProperty('orderingKey');
    expect(stored(job)).not.toHaveProperty('sequence');
  });

  test('wait for a head that is tried again later, and follow it then', async () => {
    const [head, second] = [inLine(1), inLine(2)];
    troubles.set(head.id, new Error('down'));
    await tick();
    expect(stored(head)).toMatchObject({ status: 'pending', attempts: 1 });
    expect(stored(second)).toMatchObject({ status: 'pending', attempts: 0, heldBy: head.id });
    expect(dueIn(second)).toBe(2 * MINUTE_MS);

    troubles.clear();
    nowMs += MINUTE_MS;
    await tick();
    expect(delivered).toEqual([head.id, second.id]);
    expect(stored(second)).not.toHaveProperty('heldBy');
  });

  test('a held row spends no attempt however often it is held', async () => {
    const [head, second] = [inLine(1, { nextAttemptAt: T0 + 5 * HOUR_MS }), inLine(2)];
    for (let visit = 0; visit < 4; visit += 1) {
      await tick();
      nowMs += HOUR_MS;
    }
    expect(stored(second)).toMatchObject({ attempts: 0, runs: 0, heldBy: head.id });
    expect(delivered).toEqual([]);
  });

  test('a row waits an hour at most before it looks again', async () => {
    inLine(1, { nextAttemptAt: T0 + 5 * HOUR_MS });
    const second = inLine(2);
    await tick();
    expect(dueIn(second)).toBe(HOUR_MS);
  });

  test('wait while another worker runs their head', async () => {
    const lease = { expiresAt: T0 + 30_000 };
    inLine(1, { status: 'processing', attempts: 1, lease, nextAttemptAt: T0 + 30_000 });
    const second = inLine(2);
    await tick();
    expect(delivered).toEqual([]);
    expect(dueIn(second)).toBe(2 * MINUTE_MS);
  });

  test('a head whose worker died is run alone, and the line goes on behind it', async () => {
    const lease = { expiresAt: T0 };
    const head = inLine(1, { status: 'processing', attempts: 1, runs: 1, lease });
    const second = inLine(2);
    await tick();
    expect(delivered).toEqual([head.id, second.id]);
    expect(stored(head)).toMatchObject({ status: 'sent', attempts: 1, runs: 2 });
  });
});

describe('a dead letter', () => {
  test('keeps its place and blocks those behind it', async () => {
    const [head, second] = [inLine(1), inLine(2)];
    troubles.set(head.id, new PermanentError('never'));
    await tick();
    expect(stored(head)).toMatchObject({ status: 'failed', blocking: true, sequence: 1 });
    expect(stored(second)).toMatchObject({ status: 'pending', heldBy: head.id });
    expect(dueIn(second)).toBe(HOUR_MS);
    expect(delivered).toEqual([]);
  });

  test('is passed over where its subscription says so', async () => {
    const [head, second] = [inLine(1), inLine(2)];
    troubles.set(head.id, new PermanentError('never'));
    await tick({ onDeadLetter: 'pass-over' });
    expect(stored(head)).toMatchObject({ status: 'failed' });
    expect(stored(head)).not.toHaveProperty('orderingKey');
    expect(stored(head)).not.toHaveProperty('blocking');
    expect(delivered).toEqual([second.id]);
  });
});

describe('the fast path', () => {
  test('runs an ordered job only as the head of its line', async () => {
    const [, second] = [inLine(1), inLine(2)];
    expect(await runJobsNow(aWorkerInLine(), [second.id])).toEqual([]);
    expect(stored(second)).toMatchObject({ status: 'pending', runs: 0 });
  });

  test('goes on with those who waited only for it', async () => {
    const [head, second] = [inLine(1), inLine(2, { heldBy: 'x', nextAttemptAt: T0 + HOUR_MS })];
    await runJobsNow(aWorkerInLine(), [head.id]);
    expect(delivered).toEqual([head.id, second.id]);
  });

  test('does not run a next one before its time that waits for a retry of its own', async () => {
    const [head, second] = [inLine(1), inLine(2, { attempts: 1, nextAttemptAt: T0 + HOUR_MS })];
    await runJobsNow(aWorkerInLine(), [head.id]);
    expect(delivered).toEqual([head.id]);
    expect(stored(second)).toMatchObject({ attempts: 1 });
  });
});
