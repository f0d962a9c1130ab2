import { z } from 'zod';
import { aggregateOf, commandsFor, defineEvent, entityId } from '#events';
import { CodedError } from '#kernel';

// The example of the how-to about event-sourced features, which shows it word for word.

const amountMinor = z.int().positive();

const giftCardIssued = defineEvent({
  type: 'gift_card.issued',
  version: 1,
  payload: z.strictObject({ amountMinor }),
  description: 'A gift card was sold.',
  example: { amountMinor: 5_000 },
});

const giftCardRedeemed = defineEvent({
  type: 'gift_card.redeemed',
  version: 1,
  payload: z.strictObject({ amountMinor }),
  description: 'Something was paid with a gift card.',
  example: { amountMinor: 1_999 },
});

const giftCardEmptied = defineEvent({
  type: 'gift_card.emptied',
  version: 1,
  payload: z.strictObject({}),
  description: 'Nothing is left on a gift card.',
  example: {},
});

export const giftCardEvents = [giftCardIssued, giftCardRedeemed, giftCardEmptied] as const;
export type GiftCardEvent = (typeof giftCardEvents)[number];

/** What is on a gift card; null until it is issued. */
interface GiftCard {
  readonly balanceMinor: number | null;
}

interface GiftCardCommand {
  readonly kind: 'issue' | 'redeem';
  readonly amountMinor: number;
}

export const giftCard = aggregateOf(giftCardEvents)({
  entityType: 'gift_card',
  schemaVersion: 1,
  initial: (): GiftCard => ({ balanceMinor: null }),
  evolve: ({ balanceMinor }, { eventType, payload }) => {
    switch (eventType) {
      case 'gift_card.issued':
        return { balanceMinor: payload.amountMinor };
      case 'gift_card.redeemed':
        return { balanceMinor: (balanceMinor ?? 0) - payload.amountMinor };
      case 'gift_card.emptied':
        return { balanceMinor: 0 };
    }
  },
  decide: ({ balanceMinor }, { kind, amountMinor: amount }: GiftCardCommand) => {
    if (kind === 'issue') {
      if (balanceMinor !== null) throw new CodedError('already-exists', 'The card is in use.');
      return [{ eventType: 'gift_card.issued', payload: { amountMinor: amount } }];
    }
    if (balanceMinor === null) throw new CodedError('not-found', 'There is no such card.');
    if (amount > balanceMinor) throw new CodedError('failed-precondition', 'That is not on it.');
    const isEmptied = amount === balanceMinor;
    return [
      { eventType: 'gift_card.redeemed', payload: { amountMinor: amount } },
      ...(isEmptied ? [{ eventType: 'gift_card.emptied', payload: {} } as const] : []),
    ];
  },
});

const defineCommand = commandsFor<GiftCardEvent>();

/** Sells a gift card. */
export const issueGiftCard = defineCommand({
  name: 'issueGiftCard',
  input: z.strictObject({ orgId: entityId, amountMinor }),
  run: async ({ tx, access, caller, newId, execute }, { orgId, amountMinor: amount }) => {
    await access.requireMember(tx, orgId, caller.uid);
    const cardId = newId('gift-card');
    const card = { orgId, entityId: cardId };
    const { version } = await execute(giftCard, card, { kind: 'issue', amountMinor: amount });
    return { cardId, version };
  },
});

/** Pays with a gift card. */
export const redeemGiftCard = defineCommand({
  name: 'redeemGiftCard',
  input: z.strictObject({ orgId: entityId, cardId: entityId, amountMinor }),
  run: async ({ tx, access, caller, execute }, { orgId, cardId, amountMinor: amount }) => {
    await access.requireMember(tx, orgId, caller.uid);
    const card = { orgId, entityId: cardId };
    const { state } = await execute(giftCard, card, { kind: 'redeem', amountMinor: amount });
    return { ...state };
  },
});
