import { beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { FieldValue } from 'firebase-admin/firestore';
import type { Firestore } from 'firebase-admin/firestore';
import { emitDomainEventWithOutbox, firebaseLogger, getBackend } from '../composition/index.ts';
import { DEFAULT_SETTINGS } from '../composition/settings.ts';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { dailyMaintenance } from './daily-maintenance.ts';

const log = jest.spyOn(firebaseLogger, 'write').mockReturnValue();
const DUE = new Date('2020-01-31T00:00:00Z');

let firestore: Firestore;
let jobId: string;

beforeAll(() => {
  // The audit log is told in the function’s own log.
  process.env['FUNCTIONS_EMULATOR'] = 'true';
  for (const [name, value] of Object.entries(DEFAULT_SETTINGS)) process.env[name] = String(value);
  ({ firestore } = getBackend());
});

/** An invoice that was not paid in time, and a row that somebody took the due time out of. */
beforeEach(async () => {
  await clearFirestore(firestore);
  log.mockClear();
  await firestore.doc('invoices/invoice1').create({
    orgId: 'org1',
    status: 'sent',
    amountMinor: 100,
    currency: 'EUR',
    dueAt: DUE,
    overdueFrom: DUE,
  });
  const { jobIds } = await emitDomainEventWithOutbox({
    orgId: 'org1',
    eventType: 'user.joined',
    entityType: 'user',
    entityId: 'ben',
    actor: { actorType: 'user', actorId: 'ben' },
    payload: { displayName: 'Ben', role: 'member' },
  });
  jobId = jobIds[0]!;
  await firestore.doc(`outbox/${jobId}`).update({ nextAttemptAt: FieldValue.delete() });
});

async function maintain(): Promise<void> {
  await dailyMaintenance.run({ scheduleTime: '2020-02-01T03:00:00Z' });
}

async function done(): Promise<unknown> {
  const [invoice, row] = await Promise.all([
    firestore.doc('invoices/invoice1').get(),
    firestore.doc(`outbox/${jobId}`).get(),
  ]);
  return {
    isOverdue: invoice.get('overdueAt') !== undefined,
    isMended: row.get('nextAttemptAt') !== undefined,
  };
}

function messages(): unknown[] {
  const all = log.mock.calls.map(([{ severity, message }]) => `${severity} ${message}`).toSorted();
  // Of each row that is mended a line, too.
  return all.filter((message) => !message.startsWith('WARNING job row mended'));
}

test('mends rows and finds overdue invoices, and says so', async () => {
  await maintain();
  expect(await done()).toEqual({ isOverdue: true, isMended: true });
  expect(messages()).toEqual([
    'INFO audited change',
    'INFO outbox repaired',
    'INFO overdue invoices marked',
    'INFO purge started',
  ]);
});

test('starts one purge a day, however often it is called', async () => {
  await maintain();
  await maintain();
  const { docs } = await firestore.collection('operations').get();
  expect(docs.map((operation): unknown => operation.get('kind'))).toEqual(['purge']);
  const audits = await firestore.collection('audit_log').orderBy('at').get();
  const entry = { by: 'dailyMaintenance', action: 'operation.start', target: docs[0]?.id };
  expect(audits.docs.map((one) => one.data())).toMatchObject([
    { ...entry, outcome: 'started' },
    { ...entry, outcome: 'already-started' },
  ]);
  await dailyMaintenance.run({ scheduleTime: '2020-02-02T03:00:00Z' });
  expect((await firestore.collection('operations').get()).size).toBe(2);
});

describe('when one of its works fails', () => {
  const failing = (method: 'markOverdueInvoices' | 'read') => {
    const backend = getBackend();
    const rejected = (): Promise<never> => Promise.reject(new Error('out of order'));
    return method === 'read'
      ? jest.spyOn(backend.processor.controls, 'read').mockImplementation(rejected)
      : jest.spyOn(backend, 'markOverdueInvoices').mockImplementation(rejected);
  };

  test.each([
    ['overdue invoices', 'markOverdueInvoices', { isOverdue: false, isMended: true }],
    ['the repair', 'read', { isOverdue: true, isMended: false }],
  ] as const)('%s, the others are done, and the failure is told', async (_, method, expected) => {
    const broken = failing(method);
    await expect(maintain()).rejects.toThrow('out of order');
    broken.mockRestore();
    expect(await done()).toEqual(expected);
    expect(messages()).toEqual([
      expect.stringMatching(/^ERROR .* failed$/),
      'INFO audited change',
      expect.stringMatching(/^INFO /),
      'INFO purge started',
    ]);
  });
});
