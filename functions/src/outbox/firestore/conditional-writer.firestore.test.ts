import { beforeEach, describe, expect, test } from '@jest/globals';
import { initializeApp } from 'firebase-admin/app';
import type { Timestamp } from 'firebase-admin/firestore';
import { getFirestore } from 'firebase-admin/firestore';
import { grpcCode } from '#kernel/firestore';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { ConditionalWriter } from './conditional-writer.ts';

const firestore = getFirestore(initializeApp());
const things = firestore.collection('things');

interface Client {
  request: (method: string, request: BatchWrite, ...rest: unknown[]) => Promise<Answer>;
}

interface Answer {
  readonly writeResults: readonly object[];
  readonly status: readonly object[];
}

interface BatchWrite {
  readonly writes: readonly unknown[];
}

/** Runs `work`; the first write of each of the client's first calls is answered with the next of `codes`. */
async function answering(codes: readonly number[], work: () => Promise<void>): Promise<number[]> {
  const client = firestore as unknown as Client;
  const request = client.request.bind(client);
  const sizes: number[] = [];
  client.request = async (method, message, ...rest) => {
    const code = codes[sizes.length];
    sizes.push(message.writes.length);
    if (code === undefined) return request(method, message, ...rest);
    const others = { ...message, writes: message.writes.slice(1) };
    const answer = await request(method, others, ...rest);
    return { writeResults: [{}, ...answer.writeResults], status: [{ code }, ...answer.status] };
  };
  try {
    await work();
  } finally {
    Reflect.deleteProperty(client, 'request');
  }
  return sizes;
}

async function seed(count: number): Promise<Timestamp[]> {
  const results = Array.from({ length: count }, (_, n) => things.doc(`d${n}`).create({ n }));
  return (await Promise.all(results)).map(({ writeTime }) => writeTime);
}

describe('the conditional writer', () => {
  let writer = new ConditionalWriter(firestore);

  beforeEach(async () => {
    await clearFirestore(firestore);
    writer = new ConditionalWriter(firestore);
  });

  function update(index: number, lastUpdateTime: Timestamp): Promise<Timestamp> {
    return writer.update({ path: `things/d${index}`, data: { done: true }, lastUpdateTime });
  }

  test('sends the updates of one turn in one call, twenty at a time', async () => {
    const times = await seed(45);
    const sizes = await answering([], async () => {
      await Promise.all(times.map((time, index) => update(index, time)));
    });
    expect(sizes).toEqual([20, 20, 5]);
  });

  test.each([1, 20, 21, 45])(
    'sends again what failed for the moment, of %d updates',
    async (count) => {
      const times = await seed(count);
      const sizes = await answering([10], async () => {
        await Promise.all(times.map((time, index) => update(index, time)));
      });
      expect((await things.where('done', '==', true).get()).size).toBe(count);
      expect(sizes.at(-1)).toBe(1);
    },
  );

  test.each([
    [9, 'the document was written since'],
    [5, 'it is gone'],
  ])('does not send again after a %d: %s', async (code) => {
    const [time] = await seed(1);
    const sizes = await answering([code], async () => {
      const error: unknown = await update(0, time!).catch((thrown: unknown) => thrown);
      expect(grpcCode(error)).toBe(code);
    });
    expect(sizes).toEqual([1]);
  });
});
