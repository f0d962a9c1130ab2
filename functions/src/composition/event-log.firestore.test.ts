import { beforeAll, describe, expect, test } from '@jest/globals';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import * as commands from './commands.ts';
import { headPathOf } from './head-paths.ts';
import { backend, call, firestore } from './testing/backend.ts';
import type { World } from './testing/world.ts';
import { aWorld, DOLLARS } from './testing/world.ts';

const { events, integrity } = backend;
let world: World;

beforeAll(async () => {
  await clearFirestore(firestore);
  world = await aWorld();
  const { orgId, matterId, commentId, orgInvoiceId } = world;
  const payment = { orgId, invoiceId: orgInvoiceId, ...DOLLARS };
  await call(commands.recordPayment, 'ada', payment, 'paying');
  const change = { orgId, matterId, commentId, expectedVersion: 1, body: 'Hello again' };
  await call(commands.updateComment, 'cleo', change);
});

describe('the log that the commands write', () => {
  test('is as it was written, for every tenant: each stream’s head is where its feature keeps it', async () => {
    const { orgId, otherOrgId } = world;
    const report = await integrity.verifyIntegrity(orgId);
    expect(report).toMatchObject({ findings: [], counts: {}, jobsNotJudged: 0 });
    expect(report.events).toBe((await events.count({ orgId })).total);
    expect(report.events).toBeGreaterThan(10);
    const other = await integrity.verifyIntegrity(otherOrgId);
    expect(other).toMatchObject({ findings: [], counts: {} });
  });

  test('has streams on documents of every feature that keeps heads on its own', async () => {
    const page = await events.list({ orgId: world.orgId, limit: 200 });
    const streamed = page.events.filter(({ streamVersion }) => streamVersion !== undefined);
    const withoutDocument = streamed.filter((event) => headPathOf(event).startsWith('streams/'));
    expect(new Set(withoutDocument.map(({ entityType }) => entityType))).toEqual(
      new Set(['phone']),
    );
    const heads = new Set(withoutDocument.map(headPathOf));
    expect((await firestore.collectionGroup('streams').get()).size).toBe(heads.size);
    const { types } = await events.count({ orgId: world.orgId });
    const found = types.filter(({ count }) => count > 0).map(({ eventType }) => eventType);
    expect(found).toEqual(
      expect.arrayContaining([
        'matter.created',
        'invoice.created',
        'payment.received',
        'comment.updated',
      ]),
    );
  });
});
