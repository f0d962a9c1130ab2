import { expect, test } from '@jest/globals';
import { given } from '#events/testing';
import { giftCard } from '../testing/gift-card.ts';

test('what is paid is taken off the card', () => {
  const { events, state } = given(giftCard, {
    eventType: 'gift_card.issued',
    payload: { amountMinor: 5_000 },
  }).when({ kind: 'redeem', amountMinor: 1_999 });
  expect(events).toEqual([{ eventType: 'gift_card.redeemed', payload: { amountMinor: 1_999 } }]);
  expect(state).toEqual({ balanceMinor: 3_001 });
});

test('nobody pays more than is left', () => {
  const card = given(
    giftCard,
    { eventType: 'gift_card.issued', payload: { amountMinor: 5_000 } },
    { eventType: 'gift_card.redeemed', payload: { amountMinor: 4_000 } },
  );
  expect(() => card.when({ kind: 'redeem', amountMinor: 1_001 })).toThrow('That is not on it.');
});

test('the last cent empties it', () => {
  const { events } = given(giftCard, {
    eventType: 'gift_card.issued',
    payload: { amountMinor: 5_000 },
  }).when({ kind: 'redeem', amountMinor: 5_000 });
  expect(events.map(({ eventType }) => eventType)).toEqual([
    'gift_card.redeemed',
    'gift_card.emptied',
  ]);
});
