import { z } from 'zod';
import { defineEvent, fields } from '#events';

// What connectors report; ids are the shop’s own.
const resource = fields.code;
const product = { title: fields.label, sku: fields.foreignId.optional() };

const syncStarted = defineEvent({
  type: 'shopify.sync.started',
  version: 1,
  payload: z.strictObject({ resource }),
  external: true,
  description: 'A shop’s data is being read.',
  example: { resource: 'products' },
});

const syncCompleted = defineEvent({
  type: 'shopify.sync.completed',
  version: 1,
  payload: z.strictObject({ resource, processed: fields.count }),
  external: true,
  description: 'A shop’s data was read to its end.',
  example: { resource: 'products', processed: 412 },
});

const syncFailed = defineEvent({
  type: 'shopify.sync.failed',
  version: 1,
  payload: z.strictObject({ resource, failureCode: fields.code }),
  external: true,
  description: 'A shop’s data could not be read to its end.',
  example: { resource: 'products', failureCode: 'unauthorized' },
});

const productCreated = defineEvent({
  type: 'product.created',
  version: 1,
  payload: z.strictObject(product),
  external: true,
  description: 'A product is new in a shop.',
  example: { title: 'Tea, 100 g', sku: 'TEA-100' },
});

const productUpdated = defineEvent({
  type: 'product.updated',
  version: 1,
  payload: z.strictObject(product),
  external: true,
  description: 'A product was changed in a shop; this is what it is now.',
  example: { title: 'Green tea, 100 g', sku: 'TEA-100' },
});

const productDeleted = defineEvent({
  type: 'product.deleted',
  version: 1,
  payload: z.strictObject({ sku: fields.foreignId.optional() }),
  external: true,
  description: 'A product is no longer in a shop.',
  example: { sku: 'TEA-100' },
});

export const commerceEvents = [
  syncStarted,
  syncCompleted,
  syncFailed,
  productCreated,
  productUpdated,
  productDeleted,
] as const;
