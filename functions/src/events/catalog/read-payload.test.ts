import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { DomainEvent } from '../event.ts';
import { aContent } from '../testing/an-event.ts';
import { codedErrorOf } from '../testing/failure.ts';
import { Catalog } from './catalog.ts';
import { defineEvent } from './define-event.ts';
import { EventUnreadableError } from './event-unreadable-error.ts';

const about = { description: 'A price was set.', type: 'price.set' } as const;

/** Three versions: units became minor units, then the currency came. */
const third = defineEvent({
  ...about,
  version: 3,
  payload: z.strictObject({
    amountMinor: z.int(),
    currency: z.string(),
    note: z.string().default('none'),
  }),
  upcast: {
    1: ({ amount }) => ({ amountMinor: Number(amount) * 100 }),
    2: (payload) => ({ ...payload, currency: 'EUR' }),
  },
  example: { amountMinor: 1, currency: 'EUR' },
});
const catalog = new Catalog([third]);

function stored(schemaVersion: number, payload: unknown): DomainEvent {
  return {
    ...aContent({ eventType: 'price.set', schemaVersion, payload }),
    eventId: 'e1',
    jobTypes: [],
    contentHash: 'as stored',
    metadata: { correlationId: 'c1', sourceService: 'tests' },
  };
}

async function failureOf(act: () => unknown): Promise<EventUnreadableError> {
  const error = await codedErrorOf(act);
  if (error instanceof EventUnreadableError) return error;
  throw error;
}

describe('an event at the newest version', () => {
  test.each([
    ['the first', 1, { amount: 5 }],
    ['the second', 2, { amountMinor: 500 }],
    ['the newest', 3, { amountMinor: 500, currency: 'EUR' }],
  ])('is the same whether it was stored at %s', (_, version, payload) => {
    const event = stored(version, payload);
    expect(catalog.atNewest(event)).toEqual({
      ...event,
      schemaVersion: 3,
      payload: { amountMinor: 500, currency: 'EUR', note: 'none' },
    });
  });

  test('leaves the stored one as it is, whatever its upcaster does to what it is given', () => {
    const changing = new Catalog([
      defineEvent({
        ...about,
        version: 2,
        payload: z.strictObject({ at: z.date() }),
        upcast: {
          1: (payload) => {
            Reflect.deleteProperty(payload, 'old');
            return { ...payload };
          },
        },
        example: { at: new Date(0) },
      }),
    ]);
    const event = stored(1, { old: true, at: new Date(7) });
    expect(changing.atNewest(event).payload).toEqual({ at: new Date(7) });
    expect(event.payload).toEqual({ old: true, at: new Date(7) });
  });

  test('keeps what newer code has added to the same version', () => {
    const payload = { amountMinor: 1, currency: 'EUR', note: 'n', added: { later: true } };
    expect(catalog.atNewest(stored(3, payload)).payload).toEqual(payload);
  });
});

describe('an event that this code does not know', () => {
  test.each<[string, DomainEvent, string]>([
    ['of a version to come', stored(4, {}), 'schemaVersion'],
    [
      'of the newest version, with more than it knows',
      stored(3, { amountMinor: 0.5, currency: 'EUR' }),
      'payload.amountMinor',
    ],
    ['of an unknown type', { ...stored(1, {}), eventType: 'price.lost' }, 'eventType'],
  ])('%s may be known to newer code', async (_, event, path) => {
    const error = await failureOf(() => catalog.atNewest(event));
    expect(error).toMatchObject({ code: 'event-unreadable', isUnknown: true });
    expect(error.problems.map((problem) => problem.path)).toEqual([path]);
  });

  test('is told by its type and version alone', () => {
    expect([1, 2, 3, 4].map((version) => catalog.knows(stored(version, {})))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(catalog.knows({ ...stored(1, {}), eventType: 'price.lost' })).toBe(false);
  });
});

describe('a check of the schema that fails itself', () => {
  const failing = new Catalog([
    defineEvent({
      ...about,
      version: 1,
      payload: z.strictObject({
        amountMinor: z.int().refine((amount) => {
          if (amount === 666) throw new Error('no such amount');
          return true;
        }),
      }),
      example: { amountMinor: 1 },
    }),
  ]);
  const problems = [{ path: 'payload', message: 'a check of its schema fails: no such amount' }];

  test('is an event that cannot be read, and keeps what was thrown', async () => {
    const error = await failureOf(() => failing.atNewest(stored(1, { amountMinor: 666 })));
    expect(error).toMatchObject({ problems, cause: new Error('no such amount') });
  });

  test('is an event that cannot be emitted', async () => {
    const error = await codedErrorOf(() => failing.parse('price.set', { amountMinor: 666 }));
    expect(error).toMatchObject({
      code: 'invalid-event',
      problems,
      cause: new Error('no such amount'),
    });
  });
});

describe('an upcast that fails', () => {
  const throwing = new Catalog([
    defineEvent({
      ...about,
      version: 3,
      payload: z.strictObject({}),
      upcast: {
        1: (payload) => payload,
        2: () => {
          throw new Error('no rate');
        },
      },
      example: {},
    }),
  ]);

  test('names the upcaster that threw, and keeps what it threw', async () => {
    const error = await failureOf(() => throwing.atNewest(stored(1, {})));
    expect(error).toMatchObject({ isUnknown: false, cause: new Error('no rate') });
    expect(error.problems).toEqual([{ path: 'upcast.2', message: 'no rate' }]);
  });

  test('names every path of a result that does not fit', async () => {
    const error = await failureOf(() => catalog.atNewest(stored(2, { amountMinor: 'x', odd: 1 })));
    expect(error.isUnknown).toBe(false);
    expect(error.problems.map(({ path }) => path)).toEqual(['payload.amountMinor', 'payload.odd']);
  });

  test.each([0, -1e9, 1.5, NaN])('is not tried from version %p', async (version) => {
    const error = await failureOf(() => catalog.atNewest(stored(version, {})));
    expect(error.isUnknown).toBe(false);
    expect(error.problems.map(({ path }) => path)).toEqual(['schemaVersion']);
  });
});
