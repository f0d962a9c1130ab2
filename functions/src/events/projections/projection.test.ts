import { describe, expect, test } from '@jest/globals';
import type { TestEvent } from '../testing/catalog.ts';
import { codedErrorOf } from '../testing/failure.ts';
import { ledger, totals } from '../testing/read-models.ts';
import { anInvoiceEvent } from '../testing/stored-event.ts';
import { keyOfEvent, projectionsOf } from './projection.ts';

const define = projectionsOf<TestEvent>();
const named = { id: 'counts', collection: 'projections_counts', keyOf: () => 'all' };

describe('a projection', () => {
  test('knows its events by their types', () => {
    const counts = define('invoice.*', {
      ...named,
      apply: (state: number | undefined, event) => {
        // @ts-expect-error: the pattern leaves notes out.
        if (event.eventType === 'note.added') return 0;
        const by = event.eventType === 'invoice.sent' ? event.payload.amountMinor : 0;
        return (state ?? 0) + by;
      },
    });
    expect(counts.apply(1, anInvoiceEvent())).toBe(101);
    // @ts-expect-error: there are no such events.
    expect(() => define('unheard.*', { ...named, apply: () => 0 })).not.toThrow();
  });

  test.each([
    ['id', { id: 'Counts' }],
    ['collection', { collection: 'counts' }],
    ['collection', { collection: 'projections_a/b' }],
  ])('is refused where its %s cannot be', async (path, said) => {
    const error = await codedErrorOf(() =>
      define('invoice.*', { ...named, ...said, apply: () => 0 }),
    );
    expect(error.code).toBe('invalid-setting');
    expect(error.problems.map((problem) => problem.path)).toEqual([path]);
  });
});

describe('an event’s document', () => {
  test('is the entity’s, where streams are followed, and of no other type of entity', () => {
    expect(keyOfEvent(ledger, anInvoiceEvent())).toBe('i1');
    expect(keyOfEvent(ledger, anInvoiceEvent({ entityType: 'order' }))).toBeUndefined();
  });

  test('is what its key says, and never one that no document can have', async () => {
    expect(keyOfEvent(totals, anInvoiceEvent())).toBe('m1');
    expect(keyOfEvent(totals, anInvoiceEvent({ matterId: undefined }))).toBeUndefined();
    const error = await codedErrorOf(() => keyOfEvent(totals, anInvoiceEvent({ matterId: 'a/b' })));
    expect(error).toMatchObject({ code: 'projection-failed', problems: [{ path: 'key' }] });
    expect(error.message).toContain('totals cannot take event event1 (invoice.sent version 2)');
  });

  test('is not known where its key cannot be made', async () => {
    const keyOf = () => {
      throw new Error('no key');
    };
    const error = await codedErrorOf(() => keyOfEvent({ ...totals, keyOf }, anInvoiceEvent()));
    expect(error.problems).toEqual([{ path: 'keyOf', message: 'no key' }]);
  });
});
