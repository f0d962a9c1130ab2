import type { Cause, EmitResult, EventOf, Subscription, TypedEventInput } from '#events';
import type { DocumentReader, DocumentTransaction } from '#kernel';
import { hashParts } from '#kernel';
import { contactEmail } from '#notifications';
import { PermanentError } from '#outbox';
import { invoicePath, issueInvoice, receivePayment } from '../features/billing/index.ts';
import { clientOf, clientPath } from '../features/clients/index.ts';
import {
  fulfillmentIdOf,
  fulfillmentPath,
  planFulfillment,
} from '../features/fulfillment/index.ts';
import type { Order } from '../features/orders/index.ts';
import { checkoutMessage, orderPath, requireOrder } from '../features/orders/index.ts';
import type { AnyEvent } from './catalog.ts';

// What comes of an order, of which its slice knows nothing. What writes runs in the transaction that settles
// its job, and looks first whether its work is there already: a job that runs again, a replay and a second
// event do nothing twice.

/** Emits in the transaction of a handler, because of its job. */
export type EmitInTransaction = (
  event: TypedEventInput<AnyEvent>,
  options: { readonly transaction: DocumentTransaction; readonly causedBy: Cause },
) => Promise<EmitResult>;

type On<Type extends AnyEvent['type']> = Subscription<EventOf<AnyEvent, Type>>;

const BY_THE_PROCESS = { actorType: 'system', actorId: 'order_process' } as const;

/** Sends the client the link to pay with: the event says only that it went out. */
export function checkoutEmail(reader: DocumentReader): On<'order.checkout_sent'> {
  return {
    id: 'order_checkout',
    kind: 'transactional',
    makesExternalJobs: true,
    // It changes nothing that it reads, and jobs of `handle` are run at once.
    handle: async (event, { metadata }) => {
      const order = await orderOf(event, reader);
      const client = clientOf((await reader.get(clientPath(order.clientId))).data, order.orgId);
      if (client === undefined) {
        throw new PermanentError('The client of this order is not there.', { code: 'no-client' });
      }
      const message = { ...checkoutMessage(order), metadata };
      return { writes: [], jobs: [contactEmail(event, client, message)] };
    },
  };
}

/** Creates the fulfilment of a paid order and drafts its shipments. */
export function startFulfillment(emit: EmitInTransaction): On<'order.paid'> {
  return {
    id: 'fulfillment',
    kind: 'transactional',
    transact: async (event, tx, causedBy) => {
      const path = fulfillmentPath(fulfillmentIdOf(event.entityId));
      if ((await tx.get(path)).data !== undefined) return [];
      const order = await orderOf(event, tx);
      for (const planned of planFulfillment({ ...order, actor: BY_THE_PROCESS })) {
        tx.create(planned.path, planned.data);
        await emit(planned.event, { transaction: tx, causedBy });
      }
      return [];
    },
  };
}

/** Issues the invoice of a paid order, and records that it is paid. */
export function invoiceOrder(emit: EmitInTransaction): On<'order.paid'> {
  return {
    id: 'order_invoice',
    kind: 'transactional',
    transact: async (event, tx, causedBy) => {
      const invoiceId = idOf('invoice', event.entityId);
      if ((await tx.get(invoicePath(invoiceId))).data !== undefined) return [];
      const { orgId, orderId, matterId, clientId, amountMinor, currency } = await orderOf(
        event,
        tx,
      );
      const createdBy = BY_THE_PROCESS.actorId;
      const of = { orgId, orderId, matterId, clientId, createdBy };
      const planned = issueInvoice({ ...of, invoiceId, amountMinor, currency });
      tx.create(planned.path, planned.data);
      await emit({ ...planned.event, actor: BY_THE_PROCESS }, { transaction: tx, causedBy });
      const paymentId = idOf('payment', event.entityId);
      const money = { amountMinor, currency, recordedBy: createdBy };
      const payment = { orgId, orderId, invoiceId, paymentId, ...money };
      for (const received of await receivePayment(tx, payment)) {
        await emit({ ...received, actor: BY_THE_PROCESS }, { transaction: tx, causedBy });
      }
      return [];
    },
  };
}

/** Of an order's own document of a kind: the same in every run. */
function idOf(kind: string, orderId: string): string {
  return hashParts(kind, 'order', orderId).slice(0, 20);
}

async function orderOf(
  { orgId, entityId }: { readonly orgId: string; readonly entityId: string },
  reader: Pick<DocumentReader, 'get'>,
): Promise<Order> {
  return requireOrder((await reader.get(orderPath(entityId))).data, orgId);
}
