import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Invoice } from './invoice.ts';
import {
  afterPayment,
  outstandingOf,
  overdueAt,
  requireSendable,
  requireVoidable,
} from './rules.ts';

const DUE = new Date('2030-01-31T00:00:00Z');
const STATES = ['draft', 'sent', 'issued', 'partially_paid', 'paid', 'voided'] as const;
const OWED: ReadonlySet<string> = new Set(['sent', 'issued', 'partially_paid']);

function anInvoice(said: Partial<Invoice> = {}): Invoice {
  return {
    orgId: 'org1',
    matterId: undefined,
    status: 'sent',
    amountMinor: 100,
    currency: 'EUR',
    paidMinor: 0,
    dueAt: DUE,
    overdueFrom: DUE,
    version: 2,
    ...said,
  };
}

const euros = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

describe('a payment', () => {
  test.each(['sent', 'issued'] as const)('of all of one that is %s pays it', (status) => {
    expect(afterPayment(anInvoice({ status }), euros(100))).toEqual({ kind: 'paid' });
  });

  test.each([
    [0, 1, 99],
    [0, 99, 1],
    [40, 59, 1],
  ])('after %i of 100, of %i more, leaves %i', (paidMinor, amountMinor, outstandingMinor) => {
    const status = paidMinor === 0 ? 'sent' : 'partially_paid';
    const after = afterPayment(anInvoice({ status, paidMinor }), euros(amountMinor));
    expect(after).toEqual({ kind: 'partially-paid', outstandingMinor });
  });

  test('of the rest pays it', () => {
    const invoice = anInvoice({ status: 'partially_paid', paidMinor: 40 });
    expect(afterPayment(invoice, euros(60))).toEqual({ kind: 'paid' });
  });

  test.each([
    ['too much', anInvoice(), euros(101), /open amount \(100 EUR/],
    ['more than the rest', anInvoice({ status: 'partially_paid', paidMinor: 40 }), euros(61), /60/],
    ['in another currency', anInvoice(), { amountMinor: 100, currency: 'USD' }, /EUR/],
    ['of a draft', anInvoice({ status: 'draft' }), euros(100), /not sent yet/],
    [
      'of one that is paid',
      anInvoice({ status: 'paid', paidMinor: 100 }),
      euros(1),
      /paid already/,
    ],
    ['of one taken back', anInvoice({ status: 'voided' }), euros(100), /taken back/],
  ] as const)('%s is refused', (_, invoice, payment, why) => {
    expect(() => afterPayment(invoice, payment)).toThrow(
      expect.objectContaining({ code: 'failed-precondition', message: expect.stringMatching(why) }),
    );
  });

  test('after a payment leaves what was open less that, and never less than nothing', () => {
    const amount = fc.integer({ min: 1, max: 99 });
    fc.assert(
      fc.property(amount, amount, (paidMinor, amountMinor) => {
        fc.pre(paidMinor + amountMinor < 100);
        const invoice = anInvoice({ status: 'partially_paid', paidMinor });
        const outstandingMinor = 100 - paidMinor - amountMinor;
        const after = { kind: 'partially-paid', outstandingMinor };
        expect(afterPayment(invoice, euros(amountMinor))).toEqual(after);
        expect(afterPayment(invoice, euros(100 - paidMinor))).toEqual({ kind: 'paid' });
        expect(() => afterPayment(invoice, euros(101 - paidMinor))).toThrow('open amount');
      }),
    );
  });
});

test.each(STATES)('of an invoice that is %s is owed what it says', (status) => {
  expect(outstandingOf(anInvoice({ status }))).toBe(OWED.has(status) ? 100 : 0);
});

test.each(STATES.filter((status) => status !== 'draft'))('one that is %s is not sent', (status) => {
  const send = () => requireSendable(anInvoice({ status }));
  expect(send).toThrow(`${status.replace('_', ' ')} already`);
});

test('a draft is sent', () => {
  expect(() => requireSendable(anInvoice({ status: 'draft' }))).not.toThrow();
});

describe('taking back', () => {
  test.each(['draft', 'sent', 'issued'] as const)('one that is %s goes', (status) => {
    expect(() => requireVoidable(anInvoice({ status }))).not.toThrow();
  });

  test.each([
    anInvoice({ status: 'partially_paid', paidMinor: 1 }),
    anInvoice({ status: 'paid', paidMinor: 100 }),
    anInvoice({ status: 'paid' }),
    anInvoice({ status: 'voided' }),
  ])('one that is $status, with $paidMinor paid, does not', (invoice) => {
    expect(() => requireVoidable(invoice)).toThrow(
      expect.objectContaining({ code: 'failed-precondition' }),
    );
  });
});

describe('an invoice is overdue', () => {
  const dueMs = DUE.getTime();

  test('from when it is due, with what is still open of it', () => {
    const invoice = anInvoice({ status: 'partially_paid', paidMinor: 40 });
    expect(overdueAt(invoice, dueMs)).toEqual({
      currency: 'EUR',
      outstandingMinor: 60,
      dueAt: DUE,
    });
    expect(overdueAt(invoice, dueMs - 1)).toBeUndefined();
  });

  test('once: afterwards nothing asks for it', () => {
    expect(overdueAt(anInvoice({ overdueFrom: undefined }), dueMs + 1)).toBeUndefined();
  });

  test.each(STATES)('if it is owed; this one is %s', (status) => {
    const overdue = overdueAt(anInvoice({ status }), dueMs);
    expect(overdue !== undefined).toBe(OWED.has(status));
  });
});
