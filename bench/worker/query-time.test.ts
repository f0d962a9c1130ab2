import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { timingQueries } from './query-time.ts';

const TAKES_MS = 20;

/** A client as the library's: a method of its class, whose streams end after a while. */
class Client {
  async requestStream(_method: string): Promise<PassThrough> {
    const stream = new PassThrough().resume();
    setTimeout(() => stream.end(), TAKES_MS);
    return stream;
  }
}

async function ask(client: Client, ...methods: readonly string[]): Promise<void> {
  for (const method of methods) await once(await client.requestStream(method), 'end');
}

test('queries are timed until their last document, and nothing else is', async () => {
  const client = new Client();
  const queryMs = await timingQueries(client, () => ask(client, 'runQuery', 'runQuery'));
  // A timer may come a little early.
  expect(queryMs).toBeGreaterThanOrEqual(2 * TAKES_MS - 4);
  expect(await timingQueries(client, () => ask(client, 'batchGetDocuments'))).toBe(0);
});

test('the client is as it was afterwards, also where somebody else looks on', async () => {
  const client = new Client();
  await timingQueries(client, async () => {});
  expect(Object.hasOwn(client, 'requestStream')).toBe(false);
  const looking = { requestStream: async () => new PassThrough() };
  const before = Object.getOwnPropertyDescriptor(looking, 'requestStream');
  await timingQueries(looking, async () => {});
  expect(Object.getOwnPropertyDescriptor(looking, 'requestStream')).toEqual(before);
});
