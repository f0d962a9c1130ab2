import { expect, test } from '@jest/globals';
import type { EventOf } from '#events';
import { Bus } from '#events';
import type { Matching } from '../events/bus/pattern.ts';
import type { AnyEvent } from './catalog.ts';

// Judged by the compiler: each `@ts-expect-error` fails the type check where the line is no error.

type Equal<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type Types = AnyEvent['type'];
const sink = { kind: 'external', onUnknownOutcome: 'retry' } as const;

test('a pattern names exactly its types of the catalog', () => {
  const holds: [
    Equal<Matching<Types, '*'>, Types>,
    Equal<Matching<Types, 'payment.*'>, 'payment.received' | 'payment.paid'>,
    Equal<Matching<Types, 'shopify.*'>, Matching<Types, 'shopify.sync.*'>>,
    Equal<EventOf<AnyEvent, 'case.opened'>['payload'], { paymentId: string }>,
  ] = [true, true, true, true];
  expect(holds).not.toContain(false);
});

test('a subscriber to invoice.* knows each payload by its type', () => {
  const bus = new Bus<AnyEvent>();
  bus.subscribe('invoice.*', {
    ...sink,
    id: 'invoices',
    send: async (event) => {
      // @ts-expect-error no invoice is delivered
      if (event.eventType === 'shipment.delivered') return;
      // @ts-expect-error not every invoice event is about a payment
      const unknown: unknown = event.payload.paymentId;
      if (unknown !== undefined) return;
      if (event.eventType === 'invoice.overdue') event.payload.dueAt.getTime();
      if (event.eventType === 'invoice.partially_paid') event.payload.outstandingMinor.toFixed(0);
    },
  });
  expect(bus.jobsFor('invoice.voided')).toHaveLength(1);
  expect(bus.jobsFor('payment.paid')).toEqual([]);
});

test('a subscriber to everything narrows on the type, too; what names nothing does not compile', () => {
  const bus = new Bus<AnyEvent>();
  bus.subscribe('*', {
    ...sink,
    id: 'everything',
    send: async (event) => {
      if (event.eventType === 'call.attempted')
        event.payload.complianceChecks.map(({ type }) => type);
    },
  });
  // @ts-expect-error an alias is no type
  bus.subscribe('FulfillmentCreated', { ...sink, id: 'alias', send: async () => {} });
  // @ts-expect-error there are no parcels
  bus.subscribe('parcel.*', { ...sink, id: 'parcels', send: async () => {} });
  expect(bus.list().map(({ pattern }) => pattern)).toEqual(['*', 'FulfillmentCreated', 'parcel.*']);
});
