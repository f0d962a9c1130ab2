import { expect, test } from '@jest/globals';
import { systemIds } from '#kernel';
import { createRunTransaction } from '#kernel/firestore';
import { backend, call, firestore } from '../../composition/testing/backend.ts';
import { aWorld, EUROS } from '../../composition/testing/world.ts';
import { issueInvoice, recordPayment } from './index.ts';

const runTransaction = createRunTransaction(firestore);

test('an invoice that is issued is owed at once, and paid as any other', async () => {
  const { orgId, clientId } = await aWorld();
  const invoiceId = systemIds.documentId();
  const dueAt = new Date('2030-01-31T00:00:00Z');
  const order = { orgId, invoiceId, clientId, orderId: 'order1', dueAt };
  const issued = issueInvoice({ ...order, ...EUROS, createdBy: 'orders' });
  const issue = () =>
    runTransaction(systemIds.documentId(), async (transaction) => {
      const actor = { actorType: 'service', actorId: 'orders' } as const;
      transaction.create(issued.path, issued.data);
      await backend.emit({ ...issued.event, actor }, { transaction });
    });
  await issue();
  await expect(issue()).rejects.toMatchObject({ code: expect.any(String) });

  const path = `invoices/${invoiceId}`;
  const invoice = await firestore.doc(path).get();
  expect(invoice.data()).toMatchObject({ status: 'issued', orderId: 'order1', matterId: null });
  expect(invoice.get('overdueFrom')).toEqual(invoice.get('dueAt'));
  const { docs } = await firestore
    .collection('domain_events')
    .where('entityId', '==', invoiceId)
    .get();
  expect(docs.map((event): unknown => event.data())).toEqual([
    expect.objectContaining({
      eventType: 'invoice.issued',
      streamVersion: 1,
      related: [`invoice:${invoiceId}`, 'order:order1'],
    }),
  ]);

  await call(recordPayment, 'ada', { orgId, invoiceId, ...EUROS });
  const paid = await firestore.doc(path).get();
  expect(paid.get('status')).toBe('paid');
  expect(paid.get('overdueFrom')).toBeUndefined();
});
