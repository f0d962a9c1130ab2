import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { KeptLogs } from '../outbox/testing/a-worker.ts';
import { auditSender } from './audit.ts';

const before = process.env['FIRESTORE_EMULATOR_HOST'];

beforeEach(() => {
  process.env['FIRESTORE_EMULATOR_HOST'] = 'localhost:1';
});

afterEach(() => {
  if (before === undefined) delete process.env['FIRESTORE_EMULATOR_HOST'];
  else process.env['FIRESTORE_EMULATOR_HOST'] = before;
});

test('in the emulator a change is told of in a line that people can read', async () => {
  const logs = new KeptLogs();
  const change = { by: 'ops', action: 'job.retry', target: 'mail:org1:e1', reason: 'Back.' };
  const entry = { ...change, id: 'a1', at: new Date(0), correlationId: 'c1', outcome: 'redriven' };
  await auditSender(logs)(entry);
  expect(logs.entries).toEqual([{ severity: 'INFO', message: 'audited change', ...entry }]);
});
