import { expect } from '@jest/globals';
import type { CommandCase, Refusal } from '../../../composition/testing/command-case.ts';
import { headAt, NEW_ID, TIME } from '../../../composition/testing/expected.ts';
import {
  malformed,
  notAdmins,
  refusedToStrangers,
  refusedWithoutMatter,
} from '../../../composition/testing/refusals.ts';
import { LINES } from '../../../composition/testing/world-orders.ts';
import { EUROS } from '../../../composition/testing/world.ts';

const [INK] = LINES;
const line = (fields: object): Record<string, unknown> => ({ lines: [{ ...INK, ...fields }] });
const badLines: Refusal[] = [
  malformed('no line', { lines: [] }, ['lines']),
  malformed('21 lines', { lines: Array.from({ length: 21 }, () => INK) }, ['lines']),
  malformed('a line that is none', { lines: ['Ink'] }, ['lines.0']),
  malformed('a line of nothing', line({ quantity: 0 }), ['lines.0.quantity']),
  malformed('half a piece', line({ quantity: 0.5 }), ['lines.0.quantity']),
  malformed('10,001 pieces', line({ quantity: 10_001 }), ['lines.0.quantity']),
  malformed('what costs nothing', line({ unitAmountMinor: 0 }), ['lines.0.unitAmountMinor']),
  malformed('what costs less', line({ unitAmountMinor: -1 }), ['lines.0.unitAmountMinor']),
  malformed('a line without a title', line({ title: ' ' }), ['lines.0.title']),
  malformed('a title of 201 characters', line({ title: 'x'.repeat(201) }), ['lines.0.title']),
  malformed('an empty group', line({ shippingGroup: '' }), ['lines.0.shippingGroup']),
  malformed('a discount', line({ discount: 1 }), ['lines.0.discount']),
  malformed('more than can be billed', line({ quantity: 10_000, unitAmountMinor: 1_000_000 }), [
    'lines',
  ]),
];

const createOrder: CommandCase = {
  by: 'cleo',
  input: ({ orgId, matterId, clientId }) => ({
    orgId,
    matterId,
    clientId,
    currency: 'EUR',
    lines: LINES,
  }),
  otherwise: { currency: 'USD' },
  outcome: ({ orgId, matterId, clientId }, { orderId }) => ({
    result: { orderId: NEW_ID, ...EUROS, version: 1 },
    orgId,
    events: [
      {
        eventType: 'order.created',
        entityType: 'order',
        entityId: String(orderId),
        streamVersion: 1,
        matterId,
        parents: [`client:${clientId}`],
        payload: { ...EUROS, clientId },
      },
    ],
    documents: {
      [`orders/${String(orderId)}`]: {
        orgId,
        orderId,
        matterId,
        clientId,
        ...EUROS,
        lines: LINES,
        status: 'created',
        correlationId: expect.any(String),
        createdBy: 'cleo',
        createdAt: TIME,
        updatedAt: TIME,
        stream: headAt(1),
      },
    },
  }),
  refusals: [
    ...refusedToStrangers,
    ...refusedWithoutMatter,
    {
      why: 'of a client that there is not',
      code: 'failed-precondition',
      said: () => ({ clientId: 'none' }),
    },
    malformed('a currency that there is not', { currency: 'XQZ' }, ['currency']),
    malformed('a currency that Stripe counts otherwise', { currency: 'ISK' }, ['currency']),
    ...badLines,
  ],
};

const CHECKOUT = {
  checkoutId: 'cs_test_a1',
  checkoutUrl: 'https://checkout.example.test/c/pay/cs_test_a1#x',
};

const sendCheckout: CommandCase = {
  by: 'cleo',
  input: ({ orgId, orders: { orderId } }) => ({
    orgId,
    orderId,
    ...CHECKOUT,
    expiresAt: '2030-01-31T12:00:00Z',
  }),
  otherwise: { checkoutId: 'cs_test_b2' },
  outcome: ({ orgId, matterId, clientId, orders: { orderId } }) => ({
    result: { orderId, version: 2 },
    orgId,
    events: [
      {
        eventType: 'order.checkout_sent',
        entityType: 'order',
        entityId: orderId,
        streamVersion: 2,
        matterId,
        parents: [`client:${clientId}`],
        // Neither the link nor whom it goes to.
        payload: { ...EUROS, expiresAt: TIME },
        continues: 'by-ben',
      },
    ],
    documents: {
      [`orders/${orderId}`]: {
        orgId,
        orderId,
        matterId,
        clientId,
        ...EUROS,
        ...CHECKOUT,
        lines: LINES,
        status: 'checkout_sent',
        correlationId: 'by-ben',
        createdBy: 'ben',
        createdAt: TIME,
        updatedAt: TIME,
        checkoutSentAt: TIME,
        stream: headAt(2),
      },
    },
  }),
  refusals: [
    ...refusedToStrangers,
    { why: 'of no order', code: 'not-found', said: () => ({ orderId: 'none' }) },
    ...notAdmins.map((by): Refusal => ({
      why: `of the organization, by ${by}`,
      by,
      code: 'permission-denied',
      said: ({ orders: { orgOrderId: orderId } }) => ({ orderId }),
    })),
    ...[
      'http://checkout.example.test',
      'javascript:alert(1)',
      'checkout',
      '',
      'https://a.test/\n\nBcc: x',
      'https://a.test/ x',
    ].map((checkoutUrl) => malformed(`the link ${checkoutUrl}`, { checkoutUrl }, ['checkoutUrl'])),
    malformed('a link too long', { checkoutUrl: `https://a.test/${'x'.repeat(2_000)}` }, [
      'checkoutUrl',
    ]),
    malformed('a day for a time', { expiresAt: '2030-01-31' }, ['expiresAt']),
    malformed('a time before all others', { expiresAt: '0000-01-31T12:00:00Z' }, ['expiresAt']),
    {
      why: 'with a link that no longer works',
      code: 'failed-precondition',
      said: () => ({ expiresAt: '2020-01-31T12:00:00Z' }),
    },
  ],
};

export const orderCases = { createOrder, sendCheckout };
