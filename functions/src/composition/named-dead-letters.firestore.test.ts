import { beforeEach, describe, expect, test } from '@jest/globals';
import type { QuerySnapshot } from 'firebase-admin/firestore';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { aJob } from '../outbox/testing/factories.ts';
import { backend, firestore } from './testing/backend.ts';
import { deadLetters, given, redriven, rowOf, start, tick } from './testing/dead-letter-stage.ts';

const { operations } = backend;

beforeEach(() => clearFirestore(firestore));

describe('dead letters that are named by their ids', () => {
  test('are sent round again, and of each other it is said why not', async () => {
    const [one, other, third] = await deadLetters(3);
    const [sent] = await given([aJob({ status: 'sent', nextAttemptAt: undefined })]);
    const ids = [one!.id, 'mail:org1:nothing', sent!.id, other!.id];
    const { id, estimate } = await start({ params: { ids } });
    expect(estimate).toBe(4);
    await tick();
    expect(await operations.get(id)).toMatchObject({
      state: 'done',
      seen: 4,
      done: 2,
      skipped: { 'not-there': 1, 'not-failed': 1 },
      findings: [
        { kind: 'not-there', jobId: 'mail:org1:nothing' },
        { kind: 'not-failed', jobId: sent!.id },
      ],
      found: { 'not-there': 1, 'not-failed': 1 },
    });
    expect(await rowOf(one!)).toMatchObject({ redrives: 1 });
    expect(await rowOf(other!)).toMatchObject({ redrives: 1 });
    expect(await rowOf(third!)).toMatchObject({ status: 'failed', redrives: 0 });
  });

  test('go on where a step ended that took a few of them', async () => {
    const ids = (await deadLetters(5)).map((job) => job.id);
    const { id } = await start({ kind: 'cancel', params: { ids }, rowsPerSecond: 2 });
    await tick();
    expect(await operations.get(id)).toMatchObject({ state: 'done', seen: 5, done: 5, step: 4 });
  });

  test('and asked for again are dead letters no more', async () => {
    const ids = (await deadLetters(2)).map((job) => job.id);
    await start({ kind: 'cancel', params: { ids } });
    await tick();
    const { id } = await start({ kind: 'cancel', params: { ids } });
    await tick();
    const skipped = { 'not-failed': 2 };
    expect(await operations.get(id)).toMatchObject({ state: 'done', done: 0, skipped });
  });
});

describe('two that send the same dead letters round', () => {
  test('send each once', async () => {
    await deadLetters(300);
    const both = [await start({ rowsPerSecond: 200 }), await start({ rowsPerSecond: 200 })];
    await Promise.all([tick(), tick()]);
    // Whoever met the other tries again when its step is due.
    await firestore.collection('outbox').where('jobType', '==', 'operation').get().then(dueNow);
    await tick();
    const ended = await Promise.all(both.map(({ id }) => operations.get(id)));
    expect(ended.map(({ state }) => state)).toEqual(['done', 'done']);
    expect(ended[0]!.done + ended[1]!.done).toBe(300);
    expect(await redriven()).toBe(300);
  });
});

async function dueNow({ docs }: QuerySnapshot): Promise<void> {
  const open = docs.filter((row) => row.get('status') === 'pending');
  await Promise.all(
    open.map(({ ref }) => ref.update({ nextAttemptAt: new Date(Date.now() - 1_000) })),
  );
}
