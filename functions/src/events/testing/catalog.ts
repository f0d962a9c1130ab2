import { z } from 'zod';
import { Catalog } from '../catalog/catalog.ts';
import { defineEvent } from '../catalog/define-event.ts';

/** An amount that no upcaster can make anything of. */
export const THROWS = 'throws';

const invoiceSent = defineEvent({
  type: 'invoice.sent',
  version: 2,
  payload: z.strictObject({
    amountMinor: z.int(),
    lines: z.array(z.strictObject({ text: z.string() })).optional(),
  }),
  // The first version had whole units.
  upcast: {
    1: ({ amount, ...rest }) => {
      if (amount === THROWS) throw new Error('no such amount');
      return { ...rest, amountMinor: Number(amount) * 100 };
    },
  },
  aliases: ['InvoiceSent'],
  description: 'An invoice went out.',
  example: { amountMinor: 100 },
});

const invoicePaid = defineEvent({
  type: 'invoice.paid',
  version: 1,
  payload: z.strictObject({ paidBy: z.string() }),
  description: 'An invoice was paid.',
  example: { paidBy: 'client1' },
});

const noteAdded = defineEvent({
  type: 'note.added',
  version: 1,
  payload: z.strictObject({
    text: z.string().max(1_000_000).optional(),
    any: z.unknown().optional(),
    marks: z.record(z.string(), z.unknown()).optional(),
  }),
  description: 'Somebody wrote something down; `any` takes whatever a schema lets through.',
  example: { text: 'Hello', any: null },
});

const pagesTurned = defineEvent({
  type: 'book.pages.turned',
  version: 1,
  payload: z.strictObject({ count: z.int().default(1) }),
  description: 'A type of three words.',
  example: {},
});

const dayPlanned = defineEvent({
  type: 'day.planned',
  version: 1,
  payload: z.strictObject({
    startsAt: z.date(),
    breaks: z.array(z.strictObject({ at: z.date() })),
  }),
  description: 'A type with times.',
  example: { startsAt: new Date(0), breaks: [] },
});

export const testEvents = [invoiceSent, invoicePaid, noteAdded, pagesTurned, dayPlanned] as const;

/** Any event of these tests. */
export type TestEvent = (typeof testEvents)[number];

export const testCatalog = new Catalog(testEvents);
