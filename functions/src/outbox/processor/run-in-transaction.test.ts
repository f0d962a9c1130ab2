import { beforeEach, describe, expect, test } from '@jest/globals';
import type { DocumentTransaction } from '#kernel';
import type { MemoryOutbox } from '../memory/memory-outbox.ts';
import { openMemoryOutbox } from '../memory/memory-outbox.ts';
import { PermanentError } from '../model/handler-errors.ts';
import type { TransactHandler } from '../model/handler.ts';
import { aChild, aSink, aTransactor } from '../testing/factories.ts';

const COUNTER = 'things/counter';
const TIMEOUT_MS = 20_000;

let outbox: MemoryOutbox;
let sent: string[];

/** Opens an outbox whose one transacting handler does this. */
function open(transact: TransactHandler['transact']): void {
  const send = async ({ id }: { id: string }) => void sent.push(id);
  outbox = openMemoryOutbox({ handlers: [aTransactor({ transact }), aSink({ send })] });
}

async function countUp(transaction: DocumentTransaction): Promise<void> {
  const { data } = await transaction.get(COUNTER);
  transaction.merge(COUNTER, { n: Number(data?.['n'] ?? 0) + 1 });
}

beforeEach(() => {
  sent = [];
});

describe('a job that is settled by its handler’s transaction', () => {
  test('has its effects once, in the tick and on the fast path', async () => {
    open(async (_, transaction) => {
      await countUp(transaction);
      return [];
    });
    const swept = outbox.record({ jobType: 'model' });
    expect((await outbox.tick()).ends).toEqual({ sent: 1 });
    const triggered = outbox.record({ jobType: 'model' });
    await outbox.trigger(triggered);
    for (const id of [swept, triggered]) {
      expect(outbox.job(id)).toMatchObject({ status: 'sent', attempts: 1, runs: 1 });
    }
    expect(outbox.read(COUNTER)).toEqual({ n: 2 });
  });

  test('writes children that wait for somebody to find them', async () => {
    open(async () => [aChild()]);
    outbox.record({ jobType: 'model' });
    expect((await outbox.tick()).ends).toEqual({ sent: 1 });
    expect(sent).toEqual([]);
    expect(outbox.job('mail:org1:child1')).toMatchObject({ status: 'pending', runs: 0 });
    await outbox.tick();
    expect(sent).toEqual(['mail:org1:child1']);
  });

  test('spends an attempt where it throws, and writes nothing', async () => {
    open(async (_, transaction) => {
      await countUp(transaction);
      throw new Error('no');
    });
    const id = outbox.record({ jobType: 'model' });
    expect((await outbox.tick()).ends).toEqual({ retry: 1 });
    expect(outbox.job(id)).toMatchObject({
      status: 'pending',
      attempts: 1,
      lastError: { message: 'no' },
    });
    expect(outbox.read(COUNTER)).toBeUndefined();
  });

  test('is a dead letter at once where it says so', async () => {
    open(() => Promise.reject(new PermanentError('never')));
    const id = outbox.record({ jobType: 'model' });
    await outbox.tick();
    expect(outbox.job(id)).toMatchObject({ status: 'failed', failure: { reason: 'permanent' } });
  });

  test('is run again on what others have changed meanwhile, and sees it', async () => {
    let runs = 0;
    open(async (_, transaction) => {
      await countUp(transaction);
      runs += 1;
      if (runs === 1) put({ n: 40 });
      return [];
    });
    outbox.record({ jobType: 'model' });
    expect((await outbox.tick()).ends).toEqual({ sent: 1 });
    expect([runs, outbox.read(COUNTER)]).toEqual([2, { n: 41 }]);
  });

  test('comes again and spends no attempt where others are always quicker', async () => {
    let runs = 0;
    open(async (_, transaction) => {
      await countUp(transaction);
      runs += 1;
      put({ n: runs });
      return [];
    });
    const id = outbox.record({ jobType: 'model' });
    expect((await outbox.tick()).ends).toEqual({ retry: 1 });
    expect(outbox.job(id)).toMatchObject({
      status: 'pending',
      attempts: 0,
      nextAttemptAt: outbox.nowMs() + 60_000,
      lastError: { code: 'contention' },
    });
    expect(runs).toBe(5);
  });
});

describe('a handler that outlives its time in its transaction', () => {
  test('is aborted, and commits nothing when it comes to its end at last', async () => {
    const { promise: late, resolve: endLate } = Promise.withResolvers<void>();
    const { promise: ended, resolve: hasEnded } = Promise.withResolvers<boolean>();
    open(async (_, transaction, { signal }) => {
      await countUp(transaction);
      await late;
      hasEnded(signal.aborted);
      return [];
    });
    const id = outbox.record({ jobType: 'model' });
    expect((await outbox.tick({ handlersTakeMs: TIMEOUT_MS })).ends).toEqual({ retry: 1 });
    endLate();
    expect(await ended).toBe(true);
    await outbox.tick();
    expect(outbox.job(id)).toMatchObject({ status: 'pending', lastError: { code: 'timeout' } });
    expect(outbox.read(COUNTER)).toBeUndefined();
  });
});

function put(data: Readonly<Record<string, unknown>>): void {
  outbox.documents.commit([{ write: { kind: 'set', path: COUNTER, data } }]);
}
