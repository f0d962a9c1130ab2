import { expect, test } from '@jest/globals';
import type { DocumentData } from '#kernel';
import { aJob } from '../outbox/testing/factories.ts';
import { auditJob, createAuditHandler } from './audit-job.ts';

const CONTEXT = { time: undefined as never, signal: new AbortController().signal };
const entry = {
  id: 'operation1~end',
  by: 'operations',
  action: 'operation.end',
  target: 'operation1',
  reason: 'There is nothing left of it.',
  correlationId: 'request1',
  outcome: 'done',
  seen: 2,
  done: 1,
  skipped: { busy: 1 },
  at: new Date(1_893_456_000_000),
};

/** What is sent by the job of this entry, where the log has only that. */
async function sent(data: DocumentData | undefined): Promise<unknown[]> {
  const all: unknown[] = [];
  const handler = createAuditHandler({
    reader: {
      get: (path) => {
        const found = path === 'audit_log/operation1~end' ? data : undefined;
        return Promise.resolve({ path, data: found, readAtMs: 0 });
      },
    },
    send: (one) => Promise.resolve(void all.push(one)),
  });
  const { payload } = auditJob('operation1~end', 'request1');
  await handler.send(aJob({ payload }), CONTEXT);
  return all;
}

test('an entry is sent as it is in the log, but for when it was written', async () => {
  const stored = { ...entry, at: { toMillis: () => entry.at.getTime() }, endedAt: {} };
  expect(await sent(stored)).toEqual([entry]);
});

test('of an entry that is gone nothing is sent', async () => {
  expect(await sent(undefined)).toEqual([]);
});

test('an entry that is none is not sent', async () => {
  await expect(sent({ ...entry, outcome: undefined })).rejects.toThrow('outcome');
});
