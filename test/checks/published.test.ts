import { describe, expect, test } from '@jest/globals';
import { allEvents } from '../../functions/src/composition/testing/all-events.ts';
import type { EventDefinition } from '../../functions/src/events/index.ts';
import { Catalog, defineEvent } from '../../functions/src/events/index.ts';
import { SUBSCRIPTIONS } from '../../tools/reference/pages.ts';
import type { Publication } from '../../tools/reference/published.ts';
import { brokenPromises, readPublication } from '../../tools/reference/published.ts';
import { SCHEMAS } from '../../tools/reference/schema-file.ts';

const publication = readPublication();
const TYPE = 'invoice.overdue';
const FIRST = `${SCHEMAS}${TYPE}.v1.json`;
const SECOND = `${SCHEMAS}${TYPE}.v2.json`;

test('what is published still holds', () => {
  const paths = [...publication.published.keys()];
  expect(paths.length).toBeGreaterThan(allEvents.length);
  expect(brokenPromises(publication)).toEqual([]);
});

function withCurrent(path: string, text: string): Publication {
  return { ...publication, current: new Map([...publication.current, [path, text]]) };
}

/** As if the type's second version had the fields of another, and `published` were published of it. */
function withSecond(upcast: EventDefinition['upcast'], published: readonly string[]): Publication {
  const issued = allEvents.find(({ type }) => type === 'invoice.issued')!;
  const { payload, example } = issued as EventDefinition;
  const about = { type: TYPE, version: 2, description: 'An invoice is overdue.' };
  const second = defineEvent({ ...about, payload, example, upcast: upcast ?? {} });
  const others: readonly EventDefinition[] = allEvents.filter(({ type }) => type !== TYPE);
  const isPublished = (path: string): boolean =>
    published.includes(path) || !path.startsWith(`${SCHEMAS}${TYPE}.`);
  const current = new Map([...publication.current, [SECOND, '{}']]);
  current.delete(FIRST);
  return {
    published: new Map([...publication.published].filter(([path]) => isPublished(path))),
    current,
    catalog: new Catalog([...others, second]),
  };
}

describe('a promise that is broken', () => {
  test('by a field that is gone is told with its path and what to do', () => {
    const schema = JSON.parse(publication.current.get(FIRST)!) as { properties: object };
    const { dueAt: _, ...properties } = schema.properties as Record<string, unknown>;
    const text = JSON.stringify({ ...schema, properties });
    expect(brokenPromises(withCurrent(FIRST, text))).toEqual([
      `${TYPE}: payload.dueAt: the field is removed. Version 1 is published and stays as it is: ` +
        `declare version 2 with upcast: { 1: (payload) => … } and keep ${FIRST}.`,
    ]);
  });

  test('by a type that is gone is told', () => {
    const others = allEvents.filter(({ type }) => type !== TYPE);
    const broken = brokenPromises({ ...publication, catalog: new Catalog(others) });
    expect(broken).toEqual([expect.stringContaining(`${FIRST} is published: keep its type`)]);
  });

  test('by a type that became an alias of another is told', () => {
    const [first, ...others] = allEvents.filter(({ type }) => type !== TYPE);
    const catalog = new Catalog([{ ...first!, aliases: [TYPE] }, ...others]);
    expect(brokenPromises({ ...publication, catalog })).toHaveLength(1);
  });

  test('by a subscription that has another id is told as the migration that it is', () => {
    const page = publication.current.get(SUBSCRIPTIONS)!.replace('| `notif` |', '| `notify` |');
    const broken = brokenPromises(withCurrent(SUBSCRIPTIONS, page));
    expect(broken).toEqual([expect.stringMatching(/^The subscription notif is gone.*migration/)]);
  });
});

describe('a second version', () => {
  const upcast = {
    1: ({ outstandingMinor, ...rest }: Readonly<Record<string, unknown>>) => ({
      ...rest,
      amountMinor: outstandingMinor,
    }),
  };

  test('breaks nothing where the first is upcast and still published', () => {
    expect(brokenPromises(withSecond(upcast, [FIRST]))).toEqual([]);
    expect(brokenPromises(withSecond(upcast, [FIRST, SECOND]))).toEqual([]);
  });

  test('breaks it where the first’s example cannot be upcast', () => {
    const wrong = { 1: () => ({ currency: 'EUR', amountMinor: 0 }) };
    expect(brokenPromises(withSecond(wrong, [FIRST]))).toEqual([
      expect.stringMatching(/v1\.json: .*payload\.amountMinor: .*Mend the upcaster\.$/),
    ]);
  });

  test('breaks it where the first’s schema is deleted, or was never published', () => {
    expect(brokenPromises(withSecond(upcast, [SECOND]))).toEqual([
      `${FIRST} is missing: what was published is never deleted.`,
    ]);
  });
});
