import { z } from 'zod';
import { defineEvent, fields } from '#events';

const { amountMinor, currency } = fields;
const price = { productId: fields.id, amountMinor, currency };
const system = fields.code;

const agreementCreated = defineEvent({
  type: 'price_agreement.created',
  version: 1,
  payload: z.strictObject({ ...price, clientId: fields.id }),
  aliases: ['PriceAgreementCreated'],
  description: 'A price was agreed with a client.',
  external: true,
  example: { productId: 'product123', clientId: 'client123', amountMinor: 1_950, currency: 'EUR' },
});

const agreementUpdated = defineEvent({
  type: 'price_agreement.updated',
  version: 1,
  payload: z.strictObject({ ...price, clientId: fields.id }),
  aliases: ['PriceAgreementUpdated'],
  description: 'An agreed price was changed; these are the new terms.',
  external: true,
  example: { productId: 'product123', clientId: 'client123', amountMinor: 1_850, currency: 'EUR' },
});

const agreementSynced = defineEvent({
  type: 'price_agreement.synced',
  version: 1,
  payload: z.strictObject({ system }),
  aliases: ['PriceAgreementSynced'],
  description: 'An agreed price arrived in another system.',
  external: true,
  example: { system: 'shopify' },
});

const agreementSyncFailed = defineEvent({
  type: 'price_agreement.sync_failed',
  version: 1,
  payload: z.strictObject({ system, failureCode: fields.code }),
  aliases: ['PriceAgreementSyncFailed'],
  description: 'An agreed price could not be brought to another system.',
  external: true,
  example: { system: 'shopify', failureCode: 'rate_limited' },
});

const priceChangeApplied = defineEvent({
  type: 'pricechange.applied',
  version: 1,
  payload: z.strictObject({
    productId: fields.foreignId,
    currency,
    oldAmountMinor: fields.count,
    newAmountMinor: fields.count,
  }),
  external: true,
  description: 'A change of price took effect in a shop.',
  example: {
    productId: 'gid://shopify/Product/1',
    currency: 'EUR',
    oldAmountMinor: 1_950,
    newAmountMinor: 1_850,
  },
});

export const pricingEvents = [
  agreementCreated,
  agreementUpdated,
  agreementSynced,
  agreementSyncFailed,
  priceChangeApplied,
] as const;
