import { expect, test } from '@jest/globals';
import { CodedError } from '#kernel';
import { countingIds } from '../kernel/testing/counting-ids.ts';
import { KeptLogs } from '../outbox/testing/a-worker.ts';
import type { AuditRecords, SendAudit } from './audit.ts';
import { createAudited } from './audit.ts';

const AT = new Date(1_893_456_000_000);
const change = {
  by: 'ops',
  action: 'job.retry',
  target: 'mail:org1:e1',
  reason: 'The sink is back.',
  correlationId: 'request-1',
};

/** An audit log that notes what is done to it, in order. */
function aBench(failing: { records?: Partial<AuditRecords>; send?: SendAudit } = {}) {
  const done: unknown[] = [];
  const note = (...said: readonly unknown[]): Promise<void> => {
    done.push(said);
    return Promise.resolve();
  };
  const logger = new KeptLogs();
  const audited = createAudited({
    records: {
      open: async (id, asked) => {
        await note('open', id, asked);
        return AT;
      },
      close: (id, outcome) => note('close', id, outcome),
      ...failing.records,
    },
    send: failing.send ?? ((entry) => note('send', entry)),
    ids: countingIds('entry'),
    logger,
  });
  return { audited, done, note, logger };
}

const broken = (): Promise<never> => Promise.reject(new Error('Not today.'));

test('a change has its entry before it begins, and its outcome after', async () => {
  const { audited, done, note } = aBench();
  const answer = await audited(change, async () => {
    await note('made');
    return { kind: 'redriven' };
  });
  const [[, id]] = done as [[string, string]];
  expect(answer).toEqual({ kind: 'redriven' });
  expect(done).toEqual([
    ['open', id, change],
    ['made'],
    ['close', id, 'redriven'],
    ['send', { ...change, id, at: AT, outcome: 'redriven' }],
  ]);
});

test('nothing is changed where no entry can be written', async () => {
  const { audited, done, note } = aBench({ records: { open: broken } });
  const made = audited(change, () => note('made').then(() => ({ kind: 'x' })));
  await expect(made).rejects.toThrow('Not today.');
  expect(done).toEqual([]);
});

test.each<[string, Error]>([
  ['invalid-input', new CodedError('invalid-input', 'No.')],
  ['error', new Error('Surprise.')],
])('a change that throws has the outcome %s', async (outcome, error) => {
  const { audited, done } = aBench();
  await expect(audited(change, () => Promise.reject(error))).rejects.toBe(error);
  expect(done).toContainEqual(['close', expect.any(String), outcome]);
});

test('a record that cannot be ended and an entry that cannot be sent fail no change, and are logged', async () => {
  const { audited, logger } = aBench({ records: { close: broken }, send: broken });
  await expect(audited(change, () => Promise.resolve({ kind: 'x' }))).resolves.toEqual({
    kind: 'x',
  });
  expect(logger.troubles).toEqual(['audit outcome not written', 'audit entry not sent']);
  expect(logger.entries[0]).toMatchObject({ audit: { target: change.target, outcome: 'x' } });
});
