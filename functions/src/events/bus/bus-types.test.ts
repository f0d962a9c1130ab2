import { expect, test } from '@jest/globals';
import type { CustomEvent } from '../custom-types/custom-event.ts';
import type { TestEvent } from '../testing/catalog.ts';
import { Bus } from './bus.ts';
import type { EventOf } from './bus.ts';
import type { Matching, PatternOf } from './pattern.ts';

// Judged by the compiler: each `@ts-expect-error` fails the type check where the line is no error.

type Equal<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type AllTypes =
  | 'invoice.sent'
  | 'invoice.paid'
  | 'note.added'
  | 'book.pages.turned'
  | 'day.planned';

test('a pattern names the types it matches, and only patterns that name one exist', () => {
  type Types = TestEvent['type'];
  type Patterns = '*' | AllTypes | 'invoice.*' | 'note.*' | 'book.*' | 'book.pages.*' | 'day.*';
  const holds: [
    Equal<Types, AllTypes>,
    Equal<Matching<Types, '*'>, AllTypes>,
    Equal<Matching<Types, 'invoice.*'>, 'invoice.sent' | 'invoice.paid'>,
    Equal<Matching<Types, 'note.added'>, 'note.added'>,
    Equal<Matching<Types, 'book.pages.*'>, 'book.pages.turned'>,
    Equal<PatternOf<Types>, Patterns>,
  ] = [true, true, true, true, true, true];
  expect(holds).not.toContain(false);
});

test('an event’s payload is known by its type', () => {
  type Sent = EventOf<TestEvent, 'invoice.sent'>;
  const holds: Equal<Sent['payload']['amountMinor'], number> = true;
  // @ts-expect-error a sent invoice does not say who paid it
  type PaidBy = Sent['payload']['paidBy'];
  const isUnknown: Equal<PaidBy, PaidBy> = true;
  expect([holds, isUnknown]).toEqual([true, true]);
});

test('a subscriber to invoice.* narrows on the event’s type', () => {
  const bus = new Bus<TestEvent>();
  bus.subscribe('invoice.*', {
    id: 'narrows',
    kind: 'external',
    onUnknownOutcome: 'retry',
    send: async (event) => {
      // @ts-expect-error notes do not match
      if (event.eventType === 'note.added') return;
      // @ts-expect-error only a paid invoice says who paid it
      const unknown: unknown = event.payload.paidBy;
      if (unknown !== undefined) return;
      if (event.eventType === 'invoice.paid') event.payload.paidBy.trim();
      else event.payload.amountMinor.toFixed(0);
    },
  });
  expect(bus.jobsFor('invoice.sent')).toHaveLength(1);
});

test('a pattern that names nothing does not compile', () => {
  const bus = new Bus<TestEvent>();
  const subscription = {
    kind: 'external',
    onUnknownOutcome: 'retry',
    send: async () => {},
  } as const;
  // @ts-expect-error there are no orders
  bus.subscribe('order.*', { id: 'orders', ...subscription });
  // @ts-expect-error no type is called so
  bus.subscribe('invoice.lost', { id: 'lost', ...subscription });
  expect(bus.jobsFor('order.placed')).toHaveLength(1);
});

test('organizations’ own types are matched by *, by custom.*, and by a name', () => {
  type Any = TestEvent | CustomEvent;
  type Types = Any['type'];
  type Own = Readonly<Record<string, unknown>>;
  const holds: [
    Equal<Matching<Types, '*'>, AllTypes | `custom.${string}`>,
    Equal<Matching<Types, 'custom.*'>, `custom.${string}`>,
    Equal<Matching<Types, 'custom.shop.*'>, `custom.shop.${string}`>,
    Equal<Matching<Types, 'custom.order_placed'>, 'custom.order_placed'>,
    Equal<Matching<Types, 'invoice.*'>, 'invoice.sent' | 'invoice.paid'>,
    Equal<EventOf<Any, 'custom.order_placed'>['payload'], Own>,
    Equal<EventOf<Any, 'invoice.sent'>['payload']['amountMinor'], number>,
  ] = [true, true, true, true, true, true, true];
  expect(holds).not.toContain(false);

  const bus = new Bus<Any>();
  const sink = { kind: 'external', onUnknownOutcome: 'retry' } as const;
  bus.subscribe('*', {
    ...sink,
    id: 'all',
    send: async (event) => {
      if (event.eventType === 'invoice.paid') event.payload.paidBy.trim();
    },
  });
  bus.subscribe('custom.order_placed', {
    ...sink,
    id: 'orders',
    send: async ({ eventType, payload }) => {
      const type: 'custom.order_placed' = eventType;
      // @ts-expect-error what its schema lets through is not known to the compiler
      const total: number = payload['total'];
      expect([type, total]).toBeDefined();
    },
  });
  // @ts-expect-error the prefix is written with a dot
  bus.subscribe('customs.*', { ...sink, id: 'none', send: async () => {} });
  expect(bus.jobsFor('custom.order_placed').map(({ jobType }) => jobType)).toEqual([
    'all',
    'orders',
  ]);
});
