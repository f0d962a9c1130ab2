import { z } from 'zod';
import { commandsFor, entityId, inputs } from '#events';
import { CodedError, requireMatterOrAdmin, SERVER_TIME } from '#kernel';
import { orderCurrency } from './currencies.ts';
import type { OrderEvent } from './events.ts';
import { lines, totalOf } from './lines.ts';
import { aboutOrder, causeOfNext, orderPath, requireOrder } from './order.ts';
import { mayBecome } from './order-states.ts';

const defineCommand = commandsFor<OrderEvent>();
/** Providers' links are long; browsers take no longer ones. */
const MAX_URL_LENGTH = 2_000;

/** Takes an order for a client, in a matter or for the organization as a whole; it costs what its lines do. */
export const createOrder = defineCommand({
  name: 'createOrder',
  input: z.strictObject({
    orgId: entityId,
    matterId: entityId.optional(),
    clientId: entityId,
    currency: orderCurrency,
    lines,
  }),
  run: async ({ tx, access, caller, newId, emit }, input) => {
    const { orgId, matterId, clientId } = input;
    await requireMatterOrAdmin(access, tx, input, caller.uid);
    await access.requireClient(tx, { orgId, clientId });
    const orderId = newId('order');
    const money = { amountMinor: totalOf(input.lines), currency: input.currency };
    tx.create(orderPath(orderId), {
      orgId,
      orderId,
      matterId: matterId ?? null,
      clientId,
      ...money,
      lines: input.lines,
      status: 'created',
      correlationId: caller.correlationId,
      createdBy: caller.uid,
      createdAt: SERVER_TIME,
      updatedAt: SERVER_TIME,
    });
    await emit({
      ...aboutOrder({ orgId, orderId, matterId, version: 0 }),
      eventType: 'order.created',
      payload: { ...money, clientId },
      related: [`client:${clientId}`],
    });
    return { orderId, ...money, version: 1 };
  },
});

/**
 * Sends the client the link to pay an order with, which was made at the payment provider; also again, as long
 * as the order is not paid and no payment is under way.
 */
export const sendCheckout = defineCommand({
  name: 'sendCheckout',
  input: z.strictObject({
    orgId: entityId,
    orderId: entityId,
    checkoutId: entityId,
    checkoutUrl: z
      .url({ protocol: /^https$/ })
      .max(MAX_URL_LENGTH)
      // A URL that is parsed has its line breaks dropped; this one is written into a mail as it came.
      .refine((url) => !/\s/.test(url), 'expected no white space'),
    expiresAt: inputs.time.optional(),
  }),
  run: async ({ tx, access, caller, nowMs, emit }, input) => {
    const { orgId, orderId, checkoutId, checkoutUrl } = input;
    await access.requireMember(tx, orgId, caller.uid);
    const order = requireOrder((await tx.get(orderPath(orderId))).data, orgId);
    await requireMatterOrAdmin(access, tx, order, caller.uid);
    if (!mayBecome(order.status, 'checkout_sent')) {
      const said = order.status === 'paid' ? 'The order is paid already.' : PAYMENT_UNDER_WAY;
      throw new CodedError('failed-precondition', said);
    }
    const expiry = input.expiresAt === undefined ? {} : { expiresAt: new Date(input.expiresAt) };
    if (expiry.expiresAt !== undefined && expiry.expiresAt.getTime() <= nowMs) {
      throw new CodedError('failed-precondition', 'The link no longer works.', [
        { path: 'expiresAt', message: 'expected a time to come' },
      ]);
    }
    tx.update(orderPath(orderId), {
      status: 'checkout_sent',
      checkoutId,
      checkoutUrl,
      checkoutSentAt: SERVER_TIME,
      updatedAt: SERVER_TIME,
    });
    const { amountMinor, currency } = order;
    await emit(
      {
        ...aboutOrder(order),
        eventType: 'order.checkout_sent',
        payload: { amountMinor, currency, ...expiry },
        related: [`client:${order.clientId}`],
      },
      { causedBy: causeOfNext(order) },
    );
    return { orderId, version: order.version + 1 };
  },
});

const PAYMENT_UNDER_WAY = 'A payment of the order is under way.';
