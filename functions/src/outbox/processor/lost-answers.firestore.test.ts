import { describe, expect, test } from '@jest/globals';
import { createLosingAnswers } from '../../kernel/testing/losing-answers.ts';
import type { ExternalHandler, TransactHandler } from '../model/handler.ts';
import { Engine } from '../testing/engine.ts';
import { aChild, aSink, aTransactor, aWriter } from '../testing/factories.ts';

// A write goes through, its answer does not: the client library tries again by itself, unseen, and is
// told that the row is no longer as it was. It is so because of the first try.

/** The client waits for seconds before it tries again. */
const RETRY_TIMEOUT_MS = 30_000;

const { firestore, loseCommitAnswers, commitsSent } = createLosingAnswers();

/** A sink that keeps what it is sent, and may do something while it is at it. */
function noting(sent: string[], during: () => void = () => undefined): ExternalHandler {
  return aSink({
    send: async ({ id }) => {
      sent.push(id);
      during();
    },
  });
}

describe('a claim whose answer is lost', () => {
  test(
    'is a claim all the same: the job runs once, and ends',
    async () => {
      const sent: string[] = [];
      const engine = await Engine.open(firestore, noting(sent));
      const { id } = await engine.due();
      const before = commitsSent();
      loseCommitAnswers(1);
      expect((await engine.tick()).ends).toEqual({ sent: 1 });
      // The claim, again, and the settle.
      expect(commitsSent() - before).toBe(3);
      expect(sent).toEqual([id]);
      expect(await engine.job(id)).toMatchObject({ status: 'sent', attempts: 1, runs: 1 });
    },
    RETRY_TIMEOUT_MS,
  );

  test(
    'is none where somebody else took the row over meanwhile',
    async () => {
      const sent: string[] = [];
      const engine = await Engine.open(firestore, noting(sent));
      const { id } = await engine.due();
      const meanwhile = () => firestore.doc(`outbox/${id}`).update({ runId: 'other', history: [] });
      loseCommitAnswers(1, { meanwhile });
      expect((await engine.tick()).ends).toEqual({ lost: 1 });
      expect(sent).toEqual([]);
    },
    RETRY_TIMEOUT_MS,
  );
});

describe('a settle whose answer is lost', () => {
  test(
    'is a settle all the same, and the next in line is not forgotten',
    async () => {
      const sent: string[] = [];
      const engine = await Engine.open(firestore);
      engine.handlers = [
        {
          ...noting(sent, () => sent.length === 1 && loseCommitAnswers(1)),
          ordered: { onDeadLetter: 'block' },
        },
      ];
      const place = (sequence: number) => ({ orderingKey: 'mail:line', sequence });
      const [first, second] = [await engine.due(place(1)), await engine.due(place(2))];
      expect((await engine.tick()).ends).toEqual({ sent: 2 });
      expect(sent).toEqual([first.id, second.id]);
      expect(await engine.statuses([first, second])).toEqual(['sent', 'sent']);
    },
    RETRY_TIMEOUT_MS,
  );

  test(
    'has its effects once, and the children that it began come to an end',
    async () => {
      const sent: string[] = [];
      const write = { kind: 'create', path: 'notifications/n1', data: { n: 1 } } as const;
      const engine = await Engine.open(
        firestore,
        noting(sent),
        aWriter({
          handle: async () => {
            loseCommitAnswers(1);
            return { writes: [write], jobs: [aChild()] };
          },
        }),
      );
      const { id } = await engine.due({ jobType: 'notif' });
      expect((await engine.tick()).ends).toEqual({ sent: 2 });
      expect(await engine.job(id)).toMatchObject({ status: 'sent', runs: 1 });
      expect(await engine.job('mail:org1:child1')).toMatchObject({ status: 'sent', runs: 1 });
      expect(sent).toEqual(['mail:org1:child1']);
    },
    RETRY_TIMEOUT_MS,
  );

  test(
    'after a failure spends one attempt, not two',
    async () => {
      const engine = await Engine.open(
        firestore,
        aSink({
          send: () => {
            loseCommitAnswers(1);
            return Promise.reject(new Error('connection reset'));
          },
        }),
      );
      const { id } = await engine.due();
      expect((await engine.tick()).ends).toEqual({ retry: 1 });
      expect(await engine.job(id)).toMatchObject({ status: 'pending', attempts: 1, runs: 1 });
    },
    RETRY_TIMEOUT_MS,
  );

  test(
    'says nothing over what another worker has made of the row meanwhile',
    async () => {
      const engine = await Engine.open(firestore);
      const { id } = await engine.due();
      const ref = firestore.doc(`outbox/${id}`);
      const takeOver = () => ref.update({ runId: 'other', history: [], status: 'failed' });
      const meanwhile = { meanwhile: takeOver };
      engine.handlers = [noting([], () => loseCommitAnswers(1, meanwhile))];
      expect((await engine.tick()).ends).toEqual({ lost: 1 });
      expect((await ref.get()).get('status')).toBe('failed');
    },
    RETRY_TIMEOUT_MS,
  );
});

describe('a transaction that settles and whose answer is lost', () => {
  const COUNTER = 'things/counter';

  /** Counts up, and does something while it is at it. */
  function counting(runs: unknown[], during: () => void): TransactHandler {
    return aTransactor({
      transact: async (_, transaction) => {
        const { data } = await transaction.get(COUNTER);
        runs.push(data?.['n']);
        transaction.merge(COUNTER, { n: Number(data?.['n'] ?? 0) + 1 });
        during();
        return [aChild({ causeId: `child${runs.length}` })];
      },
    });
  }

  test(
    'is one success: its handler is not run on its own effects',
    async () => {
      const runs: unknown[] = [];
      const lose = () => loseCommitAnswers(1);
      const engine = await Engine.open(firestore, counting(runs, lose));
      const { id } = await engine.due({ jobType: 'model' });
      expect((await engine.tick()).ends).toEqual({ sent: 1 });
      expect(runs).toEqual([undefined]);
      expect(await engine.job(id)).toMatchObject({ status: 'sent', runs: 1, attempts: 1 });
      expect((await firestore.doc(COUNTER).get()).data()).toEqual({ n: 1 });
    },
    RETRY_TIMEOUT_MS,
  );

  test(
    'is dropped where another worker has taken the row meanwhile',
    async () => {
      const runs: unknown[] = [];
      const engine = await Engine.open(firestore);
      const { id } = await engine.due({ jobType: 'model' });
      const ref = firestore.doc(`outbox/${id}`);
      const takeOver = () => ref.update({ runId: 'other', history: [] });
      engine.handlers = [counting(runs, () => loseCommitAnswers(1, { meanwhile: takeOver }))];
      expect((await engine.tick()).ends).toEqual({ lost: 1 });
      expect(runs).toHaveLength(1);
    },
    RETRY_TIMEOUT_MS,
  );
});
