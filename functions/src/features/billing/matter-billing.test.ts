import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { DomainEvent } from '#events';
import { anInvoiceEvent } from '../../events/testing/stored-event.ts';
import { matterBilling } from './matter-billing.ts';

const STEPS = [
  'invoice.created',
  'invoice.sent',
  'invoice.issued',
  'invoice.partially_paid',
  'invoice.paid',
  'invoice.overdue',
  'invoice.voided',
] as const;

const anEvent = fc
  .tuple(fc.constantFrom(...STEPS), fc.constantFrom('EUR', 'USD'), fc.integer({ min: 1, max: 1e9 }))
  .map(([eventType, currency, amountMinor]) =>
    anInvoiceEvent({
      eventType,
      payload: { currency, amountMinor, outstandingMinor: amountMinor, paymentId: 'p1' },
    }),
  );

function stateAfter(events: readonly DomainEvent[]): unknown {
  return events.reduce<unknown>((state, event) => matterBilling.apply(state, event), undefined);
}

const euros = (amountMinor: number) => ({ currency: 'EUR', amountMinor });
const happened = (eventType: string, payload: unknown) => anInvoiceEvent({ eventType, payload });
const times = (count: number, amountMinor: number) => ({ count, amountMinor });
const NONE = times(0, 0);

test('invoices are counted and summed under every step they reach, by currency', () => {
  const dollars = { currency: 'USD', amountMinor: 7 };
  expect(
    stateAfter([
      happened('invoice.created', euros(100)),
      happened('invoice.created', dollars),
      happened('invoice.sent', euros(100)),
      happened('invoice.created', euros(100)),
    ]),
  ).toEqual({
    EUR: { drafted: times(2, 200), sent: times(1, 100), paid: NONE, due: times(1, 100) },
    USD: { drafted: times(1, 7), sent: NONE, paid: NONE, due: NONE },
  });
});

describe('what is due', () => {
  const sent = [happened('invoice.sent', euros(100)), happened('invoice.issued', euros(50))];

  test.each([
    ['all that was sent or issued', [], times(2, 150), NONE],
    [
      'less what came in for a part',
      [happened('invoice.partially_paid', { ...euros(30), outstandingMinor: 70 })],
      times(2, 120),
      times(0, 30),
    ],
    [
      'without what is paid, in one go or in several',
      [
        happened('invoice.partially_paid', { ...euros(30), outstandingMinor: 70 }),
        happened('invoice.paid', euros(70)),
        happened('invoice.paid', euros(50)),
      ],
      NONE,
      times(2, 150),
    ],
    [
      'without what was taken back',
      [happened('invoice.voided', { currency: 'EUR', outstandingMinor: 100 })],
      times(1, 50),
      NONE,
    ],
    [
      'the same after a draft was taken back',
      [happened('invoice.voided', {})],
      times(2, 150),
      NONE,
    ],
    [
      'the same when it is overdue',
      [happened('invoice.overdue', { currency: 'EUR', outstandingMinor: 100 })],
      times(2, 150),
      NONE,
    ],
  ])('is %s', (_, events, due, paid) => {
    expect(stateAfter([...sent, ...events])).toMatchObject({ EUR: { due, paid } });
  });
});

test('a document of before there was a sum of what is due goes on from nothing', () => {
  const before = { EUR: { drafted: times(1, 100), sent: NONE, paid: NONE } };
  expect(matterBilling.apply(before, happened('invoice.sent', euros(100)))).toEqual({
    EUR: { drafted: times(1, 100), sent: times(1, 100), paid: NONE, due: times(1, 100) },
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
  ['of a draft that was taken back', { eventType: 'invoice.voided', payload: {} }],
  ['of another kind', { eventType: 'invoice.overdue', payload: {} }],
])('an event %s belongs to no document', (_, said) => {
  if (!('keyOf' in matterBilling)) throw new Error('It has keys.');
  expect(matterBilling.keyOf(anInvoiceEvent({ eventType: 'invoice.created' }))).toBe('m1');
  expect(matterBilling.keyOf(anInvoiceEvent(said))).toBeUndefined();
});
