import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { DomainEvent } from '#events';
import { anInvoiceEvent } from '../../events/testing/stored-event.ts';
import { matterBilling } from './matter-billing.ts';

const STEPS = ['invoice.created', 'invoice.sent', 'invoice.paid'] as const;

const anEvent = fc
  .tuple(fc.constantFrom(...STEPS), fc.constantFrom('EUR', 'USD'), fc.integer({ min: 1, max: 1e9 }))
  .map(([eventType, currency, amountMinor]) =>
    anInvoiceEvent({ eventType, payload: { currency, amountMinor, paymentId: 'p1' } }),
  );

function stateAfter(events: readonly DomainEvent[]): unknown {
  return events.reduce<unknown>((state, event) => matterBilling.apply(state, event), undefined);
}

test('invoices are counted and summed under every step they reach, by currency', () => {
  const euros = { currency: 'EUR', amountMinor: 100 };
  const dollars = { currency: 'USD', amountMinor: 7 };
  expect(
    stateAfter([
      anInvoiceEvent({ eventType: 'invoice.created', payload: euros }),
      anInvoiceEvent({ eventType: 'invoice.created', payload: dollars }),
      anInvoiceEvent({ eventType: 'invoice.sent', payload: euros }),
      anInvoiceEvent({ eventType: 'invoice.created', payload: euros }),
    ]),
  ).toEqual({
    EUR: {
      drafted: { count: 2, amountMinor: 200 },
      sent: { count: 1, amountMinor: 100 },
      paid: { count: 0, amountMinor: 0 },
    },
    USD: {
      drafted: { count: 1, amountMinor: 7 },
      sent: { count: 0, amountMinor: 0 },
      paid: { count: 0, amountMinor: 0 },
    },
  });
});

test('any order comes to the same', () => {
  fc.assert(
    fc.property(
      fc
        .array(anEvent, { maxLength: 12 })
        .chain((events) =>
          fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
        ),
      ([events, shuffled]) => expect(stateAfter(shuffled)).toEqual(stateAfter(events)),
    ),
  );
});

test.each([
  ['of no matter', { matterId: undefined }],
  ['of another kind', { eventType: 'invoice.voided', payload: {} }],
])('an event %s belongs to no document', (_, said) => {
  if (!('keyOf' in matterBilling)) throw new Error('It has keys.');
  expect(matterBilling.keyOf(anInvoiceEvent({ eventType: 'invoice.created' }))).toBe('m1');
  expect(matterBilling.keyOf(anInvoiceEvent(said))).toBeUndefined();
});
