import { Timestamp } from 'firebase-admin/firestore';
import type {
  CommandCase,
  ExpectedEvent,
  Refusal,
} from '../../../composition/testing/command-case.ts';
import { headAt, NEW_ID, TIME } from '../../../composition/testing/expected.ts';
import {
  malformed,
  notAdmins,
  refusedToStrangers,
  refusedWithoutMatter,
} from '../../../composition/testing/refusals.ts';
import type { World } from '../../../composition/testing/world.ts';
import { EUROS } from '../../../composition/testing/world.ts';

const badAmounts = [
  0,
  -1,
  0.5,
  12_500.01,
  Number.NaN,
  Infinity,
  10_000_000_000,
  2 ** 53,
  '1',
  null,
];
const badCurrencies = ['eur', 'EURO', 'XQZ', 'ZZZ', '', ' EUR', '€', 978, null, '__proto__'];
const badMoney: Refusal[] = [
  ...badAmounts.map((amountMinor) =>
    malformed(`an amount of ${String(amountMinor)}`, { amountMinor }, ['amountMinor']),
  ),
  ...badCurrencies.map((currency) =>
    malformed(`the currency ${JSON.stringify(currency)}`, { currency }, ['currency']),
  ),
];
const UNPAID = { clientId: null, ...EUROS, paidMinor: 0, dueAt: null };
const ofNoInvoice: Refusal = {
  why: 'of no invoice',
  code: 'not-found',
  said: () => ({ invoiceId: 'none' }),
};
/** An invoice of no matter is the admins'. */
const ofTheOrganization = notAdmins.map((by): Refusal => ({
  why: `of the organization, by ${by}`,
  by,
  code: 'permission-denied',
  said: ({ orgInvoiceId: invoiceId }) => ({ invoiceId }),
}));

const createInvoice: CommandCase = {
  by: 'cleo',
  input: ({ orgId, matterId, clientId }) => ({
    orgId,
    matterId,
    clientId,
    ...EUROS,
    dueAt: '2030-01-31T00:00:00Z',
  }),
  otherwise: { amountMinor: 12_501 },
  outcome: ({ orgId, matterId, clientId }, { invoiceId }) => ({
    result: { invoiceId: NEW_ID, version: 1 },
    orgId,
    events: [
      {
        eventType: 'invoice.created',
        entityType: 'invoice',
        entityId: String(invoiceId),
        streamVersion: 1,
        matterId,
        payload: EUROS,
      },
    ],
    documents: {
      [`invoices/${String(invoiceId)}`]: {
        orgId,
        invoiceId,
        matterId,
        clientId,
        ...EUROS,
        paidMinor: 0,
        dueAt: Timestamp.fromDate(new Date('2030-01-31T00:00:00Z')),
        status: 'draft',
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
      why: 'for no client',
      code: 'failed-precondition',
      said: () => ({ clientId: 'none' }),
    },
    malformed('a day without a time', { dueAt: '2030-01-31' }, ['dueAt']),
    malformed('a time long ago', { dueAt: '1999-12-31T23:59:59Z' }, ['dueAt']),
    malformed('a year that Firestore does not know', { dueAt: '0000-01-01T00:00:00Z' }, ['dueAt']),
    malformed('a day that there is not', { dueAt: '2030-02-30T00:00:00Z' }, ['dueAt']),
    ...badMoney,
  ],
};

const sendInvoice: CommandCase = {
  by: 'cleo',
  input: ({ orgId, draftInvoiceId: invoiceId }) => ({ orgId, invoiceId }),
  otherwise: { invoiceId: 'another' },
  outcome: ({ orgId, matterId, draftInvoiceId: invoiceId }) => ({
    result: { invoiceId, version: 2 },
    orgId,
    events: [
      {
        eventType: 'invoice.sent',
        entityType: 'invoice',
        entityId: invoiceId,
        matterId,
        streamVersion: 2,
        payload: EUROS,
      },
    ],
    documents: {
      [`invoices/${invoiceId}`]: {
        orgId,
        invoiceId,
        matterId,
        ...UNPAID,
        status: 'sent',
        createdBy: 'ben',
        createdAt: TIME,
        updatedAt: TIME,
        sentAt: TIME,
        stream: headAt(2),
      },
    },
  }),
  refusals: [
    ...refusedToStrangers,
    ofNoInvoice,
    ...ofTheOrganization,
    {
      why: 'twice',
      code: 'failed-precondition',
      said: ({ sentInvoiceId: invoiceId }) => ({ invoiceId }),
    },
    malformed('an id that is a path', { invoiceId: 'a/b' }, ['invoiceId']),
  ],
};

const wrongMoney = (why: string, money: Record<string, unknown>): Refusal => ({
  why,
  code: 'failed-precondition',
  said: () => money,
});

function eventsOfPayment({ matterId, sentInvoiceId }: World, paymentId: string): ExpectedEvent[] {
  return [
    {
      eventType: 'payment.received',
      entityType: 'payment',
      entityId: paymentId,
      streamVersion: 1,
      matterId,
      parents: [`invoice:${sentInvoiceId}`],
      payload: { invoiceId: sentInvoiceId, ...EUROS },
    },
    {
      eventType: 'invoice.paid',
      entityType: 'invoice',
      entityId: sentInvoiceId,
      streamVersion: 3,
      matterId,
      payload: { paymentId, ...EUROS },
    },
  ];
}

function documentsOfPayment(world: World, paymentId: string): Record<string, unknown> {
  const { orgId, matterId, sentInvoiceId: invoiceId } = world;
  const bill = { orgId, matterId, invoiceId, ...EUROS, createdAt: TIME };
  const paid = { ...UNPAID, paidMinor: EUROS.amountMinor };
  return {
    [`payments/${paymentId}`]: { ...bill, paymentId, recordedBy: 'ben', stream: headAt(1) },
    [`invoices/${invoiceId}`]: {
      ...bill,
      ...paid,
      status: 'paid',
      createdBy: 'ben',
      updatedAt: TIME,
      sentAt: TIME,
      paidAt: TIME,
      stream: headAt(3),
    },
  };
}

const recordPayment: CommandCase = {
  by: 'ben',
  input: ({ orgId, sentInvoiceId: invoiceId }) => ({ orgId, invoiceId, ...EUROS }),
  otherwise: { amountMinor: 12_501 },
  outcome: (world, { paymentId }) => ({
    result: { paymentId: NEW_ID, version: 1 },
    orgId: world.orgId,
    events: eventsOfPayment(world, String(paymentId)),
    documents: documentsOfPayment(world, String(paymentId)),
  }),
  refusals: [
    ...refusedToStrangers,
    ofNoInvoice,
    ...ofTheOrganization,
    wrongMoney('a cent too much', { amountMinor: 12_501 }),
    wrongMoney('another currency', { currency: 'USD' }),
    {
      why: 'of a draft',
      code: 'failed-precondition',
      said: ({ draftInvoiceId: invoiceId }) => ({ invoiceId }),
    },
    ...badMoney,
  ],
};

const voidInvoice: CommandCase = {
  by: 'cleo',
  input: ({ orgId, sentInvoiceId: invoiceId }) => ({ orgId, invoiceId, reason: ' wrong client ' }),
  otherwise: { reason: undefined },
  outcome: ({ orgId, matterId, sentInvoiceId: invoiceId }) => ({
    result: { invoiceId, version: 3 },
    orgId,
    events: [
      {
        eventType: 'invoice.voided',
        entityType: 'invoice',
        entityId: invoiceId,
        matterId,
        streamVersion: 3,
        payload: {
          reason: 'wrong client',
          currency: EUROS.currency,
          outstandingMinor: EUROS.amountMinor,
        },
      },
    ],
    documents: {
      [`invoices/${invoiceId}`]: {
        orgId,
        invoiceId,
        matterId,
        ...UNPAID,
        status: 'voided',
        reason: 'wrong client',
        createdBy: 'ben',
        createdAt: TIME,
        updatedAt: TIME,
        sentAt: TIME,
        voidedAt: TIME,
        stream: headAt(3),
      },
    },
  }),
  refusals: [
    ...refusedToStrangers,
    ofNoInvoice,
    ...ofTheOrganization,
    malformed('an empty reason', { reason: ' ' }, ['reason']),
    malformed('a reason of 501 characters', { reason: 'x'.repeat(501) }, ['reason']),
  ],
};

export const billingCases = { createInvoice, sendInvoice, recordPayment, voidInvoice };
