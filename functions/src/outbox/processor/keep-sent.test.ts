import { expect, test } from '@jest/globals';
import { DAY_MS } from '#kernel';
import { openMemoryOutbox } from '../memory/memory-outbox.ts';
import type { JobHandler } from '../model/handler.ts';
import { aSink, aTransactor, aWriter } from '../testing/factories.ts';

const keepSentMs = 30 * DAY_MS;

test.each<[kind: string, handler: JobHandler]>([
  ['is sent away', aSink()],
  ['is written', aWriter()],
  ['is settled by its handler’s transaction', aTransactor()],
])('a job that %s stays as long as the deployment says', async (_, handler) => {
  const outbox = openMemoryOutbox({ handlers: [handler], settings: { keepSentMs } });
  const id = outbox.record({ jobType: handler.jobType });
  await outbox.tick();
  const { status, sentAt, expireAt } = outbox.job(id);
  expect({ status, keptMs: expireAt! - sentAt! }).toEqual({ status: 'sent', keptMs: keepSentMs });
});
