import { expect, test } from '@jest/globals';
import { systemIds } from '#kernel';
import { KeptLogs } from '../../outbox/testing/a-worker.ts';
import { AT } from '../testing/an-end.ts';
import { createAlerts } from './alerts.ts';

const QUIET = { dead_letters: 0, pending: 0, oldest_due: 0, latency_p95: 0 };
const THRESHOLDS = { dead_letters: 10, pending: 10_000, oldest_due: 600_000, latency_p95: 2_000 };

test('an alert is in the log before it is noted, and with every look until it is', async () => {
  const logs = new KeptLogs();
  const alerts = createAlerts({
    measure: () => Promise.resolve({ ...QUIET, dead_letters: 11 }),
    thresholds: THRESHOLDS,
    runTransaction: () => Promise.reject(new Error('ended')),
    reader: { get: () => Promise.resolve({ path: '', data: undefined, readAtMs: AT }) },
    emit: () => Promise.reject(new Error('ended')),
    ids: systemIds,
    logger: logs,
  });
  await expect(alerts.look()).rejects.toThrow('ended');
  await expect(alerts.look()).rejects.toThrow('ended');
  const line = { severity: 'ALERT', message: 'alert raised', alert: 'dead_letters' };
  expect(logs.entries).toEqual([
    { ...line, value: 11, threshold: 10 },
    { ...line, value: 11, threshold: 10 },
  ]);
});
