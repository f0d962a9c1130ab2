import type { EventEmitter } from 'node:events';

interface Client {
  requestStream: (method: string, ...rest: readonly unknown[]) => Promise<EventEmitter>;
}

/**
 * How many milliseconds the queries took that `work` made, in sum. The emulator has no indexes and looks
 * at every document of the collection, which Firestore does not: so one has to know.
 */
export async function timingQueries(
  firestore: object,
  work: () => Promise<unknown>,
): Promise<number> {
  const client = firestore as Client;
  const requestStream = client.requestStream.bind(client);
  let queryMs = 0;
  const before = Object.getOwnPropertyDescriptor(client, 'requestStream');
  client.requestStream = async (method, ...rest) => {
    const beganMs = performance.now();
    const stream = await requestStream(method, ...rest);
    if (method === 'runQuery') stream.once('end', () => (queryMs += performance.now() - beganMs));
    return stream;
  };
  try {
    await work();
  } finally {
    if (before === undefined) Reflect.deleteProperty(client, 'requestStream');
    else Object.defineProperty(client, 'requestStream', before);
  }
  return queryMs;
}
