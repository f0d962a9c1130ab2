import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { CodedError } from '#kernel';
import { defineEvent } from '../catalog/define-event.ts';
import { codedErrorOf } from '../testing/failure.ts';
import { snapshotPath } from '../snapshots/snapshot.ts';
import { giftCard } from '../testing/gift-card.ts';
import { given } from '../testing/given.ts';
import { Aggregate, aggregateOf } from './aggregate.ts';

const issued = { eventType: 'gift_card.issued', payload: { amountMinor: 500 } } as const;
const redeem = (amountMinor: number) => ({ kind: 'redeem', amountMinor }) as const;

describe('an aggregate', () => {
  test('starts empty, at version 0', () => {
    const card = new Aggregate(giftCard);
    expect([card.version, card.uncommitted]).toEqual([0, []]);
    expect(card.state).toEqual({ balanceMinor: null });
  });

  test('holds what it raised until it is committed; its state is ahead, its version is not', () => {
    const card = new Aggregate(giftCard, { state: { balanceMinor: 500 }, version: 7 });
    card.execute(redeem(200));
    card.execute(redeem(300));
    const kinds = card.uncommitted.map(({ eventType }) => eventType);
    expect(kinds).toEqual(['gift_card.redeemed', 'gift_card.redeemed', 'gift_card.emptied']);
    expect([card.state.balanceMinor, card.version]).toEqual([0, 7]);
    card.committed();
    expect([card.uncommitted, card.version]).toEqual([[], 10]);
    expect(card.state.balanceMinor).toBe(0);
  });

  test('refuses an event that is not as its schema says, and is as before', async () => {
    const card = new Aggregate(giftCard, { state: { balanceMinor: 500 }, version: 1 });
    card.raise({ eventType: 'gift_card.redeemed', payload: { amountMinor: 1 } });
    const error = await codedErrorOf(() =>
      card.raise({ eventType: 'gift_card.redeemed', payload: { amountMinor: -1 } }),
    );
    expect(error).toMatchObject({
      code: 'invalid-event',
      problems: [{ path: 'payload.amountMinor' }],
    });
    expect([card.state.balanceMinor, card.uncommitted.length]).toEqual([499, 1]);
  });
});

test('two aggregates over one entity type have each its own snapshots, by their names', () => {
  const of = aggregateOf(giftCard.events);
  const { name: _, events: __, ...said } = giftCard;
  const stream = { orgId: 'org1', entityType: 'gift_card', entityId: 'card1' };
  expect(snapshotPath(stream, of(said))).toBe(snapshotPath(stream, giftCard));
  const other = of({ ...said, name: 'gift_card.limits' });
  expect(snapshotPath(stream, other)).not.toBe(snapshotPath(stream, giftCard));
});

describe('an event as it is raised', () => {
  const counted = defineEvent({
    type: 'counter.counted',
    version: 1,
    payload: z.strictObject({ by: z.int().positive().default(1) }),
    description: 'Something was counted.',
    example: {},
  });
  const counter = aggregateOf([counted])({
    entityType: 'counter',
    schemaVersion: 1,
    initial: () => ({ count: 0 }),
    evolve: ({ count }, { payload: { by } }) => ({ count: count + by }),
    decide: (_, command: readonly (number | undefined)[]) =>
      command.map((by) => ({
        eventType: 'counter.counted',
        payload: by === undefined ? {} : { by },
        matterId: 'matter1',
      })),
  });

  test('changes the state as its schema reads it, and is appended as it was said', () => {
    const { events, state } = given(counter).when([undefined, 5]);
    expect(state).toEqual({ count: 6 });
    expect(events).toEqual([
      { eventType: 'counter.counted', payload: {}, matterId: 'matter1' },
      { eventType: 'counter.counted', payload: { by: 5 }, matterId: 'matter1' },
    ]);
  });

  test('takes those before it along where it is wrong: a command raises all or nothing', async () => {
    const it = new Aggregate(counter);
    expect((await codedErrorOf(() => it.execute([1, 2, -3]))).code).toBe('invalid-event');
    expect([it.state, it.uncommitted]).toEqual([{ count: 0 }, []]);
  });
});

describe('a command', () => {
  test('that is refused raises nothing', async () => {
    const card = new Aggregate(giftCard);
    expect(() => card.execute(redeem(1))).toThrow(CodedError);
    expect(card.uncommitted).toEqual([]);
  });

  test('is decided on by what was given, which is not answered again', () => {
    expect(given(giftCard, issued).when(redeem(100))).toEqual({
      events: [{ eventType: 'gift_card.redeemed', payload: { amountMinor: 100 } }],
      state: { balanceMinor: 400 },
    });
  });

  test('is not decided on by what never could have happened', async () => {
    const never = { eventType: 'gift_card.issued', payload: { amountMinor: 0 } } as const;
    const error = await codedErrorOf(() => given(giftCard, never).when(redeem(1)));
    expect(error.code).toBe('invalid-event');
  });
});
