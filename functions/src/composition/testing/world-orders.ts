import { systemIds } from '#kernel';
import { createRunTransaction } from '#kernel/firestore';
import { planFulfillment } from '../../features/fulfillment/index.ts';
import * as commands from '../commands.ts';
import { backend, call, firestore } from './backend.ts';

/** Orders and shipments of a world: in the matter unless they say otherwise. */
export interface WorldOrders {
  /** Created by ben, not sent yet, over 125.00 EUR. */
  readonly orderId: string;
  /** Of no matter, created by ada. */
  readonly orgOrderId: string;
  readonly draftedShipmentId: string;
  readonly readyShipmentId: string;
  readonly sentShipmentId: string;
  /** Of no matter, drafted. */
  readonly orgShipmentId: string;
  /** Of the order that the shipments of the matter are of. */
  readonly shippedOrderId: string;
  readonly fulfillmentId: string;
}

/** What the shipments of a world are because of. */
export const SHIPPED_CORRELATION = 'an-order';

/** Four bottles at 30.00 and one at 5.00: 125.00. */
export const LINES = [
  { title: 'Ink', quantity: 4, unitAmountMinor: 3_000, sku: 'INK-1' },
  { title: 'Blotting paper', quantity: 1, unitAmountMinor: 500 },
];

interface Of {
  readonly orgId: string;
  readonly matterId: string;
  readonly clientId: string;
}

export async function addOrders({ orgId, matterId, clientId }: Of): Promise<WorldOrders> {
  const order = { orgId, clientId, currency: 'EUR', lines: LINES };
  const shippedOrderId = systemIds.documentId();
  const [created, ofOrg, ofMatter, [, orgShipmentId = '']] = await Promise.all([
    call(commands.createOrder, 'ben', { ...order, matterId }),
    call(commands.createOrder, 'ada', order),
    fulfil({ orgId, matterId, clientId, orderId: shippedOrderId, parcels: 3 }),
    fulfil({ orgId, clientId, orderId: systemIds.documentId(), parcels: 1 }),
  ]);
  const [fulfillmentId = '', draftedShipmentId = '', readyShipmentId = '', sentShipmentId = ''] =
    ofMatter;
  await Promise.all(
    [readyShipmentId, sentShipmentId].map((shipmentId) =>
      call(commands.markShipmentReady, 'ben', { orgId, shipmentId }),
    ),
  );
  const sent = { orgId, shipmentId: sentShipmentId, carrier: 'DHL' };
  await call(commands.markShipmentInTransit, 'ben', sent);
  return {
    orderId: String(created['orderId']),
    orgOrderId: String(ofOrg['orderId']),
    draftedShipmentId,
    readyShipmentId,
    sentShipmentId,
    orgShipmentId,
    shippedOrderId,
    fulfillmentId,
  };
}

/** Writes a fulfilment as the process does; answers its id and its shipments'. */
async function fulfil({
  parcels,
  ...of
}: Omit<Of, 'matterId'> & {
  readonly matterId?: string;
  readonly orderId: string;
  readonly parcels: number;
}): Promise<string[]> {
  const lines = Array.from({ length: parcels }, () => ({ title: 'Ink', quantity: 1 }));
  const actor = { actorType: 'system', actorId: 'tests' } as const;
  const planned = planFulfillment({ ...of, lines, actor, correlationId: SHIPPED_CORRELATION });
  await createRunTransaction(firestore)(of.orderId, async (transaction) => {
    for (const { path, data, event } of planned) {
      transaction.create(path, data);
      await backend.emit(event, { transaction });
    }
  });
  return planned.map(({ event }) => event.entityId);
}
