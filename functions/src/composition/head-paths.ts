import type { DomainEvent } from '#events';
import { defaultHeadPathOf } from '#events';
import { ownValue } from '#kernel';
import { invoicePath, paymentPath } from '../features/billing/index.ts';
import { clientPath } from '../features/clients/index.ts';
import { commentPath } from '../features/comments/index.ts';
import { documentPath } from '../features/documents/index.ts';
import { fulfillmentPath, shipmentPath } from '../features/fulfillment/index.ts';
import { matterPath } from '../features/matters/index.ts';
import { orderPath } from '../features/orders/index.ts';
import { taskPath } from '../features/tasks/index.ts';

/** Entities whose features keep their streams' heads on documents of their own. */
const PATHS: Readonly<Record<string, (event: DomainEvent) => string | undefined>> = {
  matter: ({ entityId }) => matterPath(entityId),
  invoice: ({ entityId }) => invoicePath(entityId),
  payment: ({ entityId }) => paymentPath(entityId),
  comment: ({ matterId, entityId }) =>
    matterId === undefined ? undefined : commentPath(matterId, entityId),
  task: ({ matterId, entityId }) =>
    matterId === undefined ? undefined : taskPath(matterId, entityId),
  document: ({ matterId, entityId }) =>
    matterId === undefined ? undefined : documentPath(matterId, entityId),
  client: ({ entityId }) => clientPath(entityId),
  order: ({ entityId }) => orderPath(entityId),
  fulfillment: ({ entityId }) => fulfillmentPath(entityId),
  shipment: ({ entityId }) => shipmentPath(entityId),
};

/** The document that has the head of an event's stream: what its feature says where it appends, or the
 * usual one where the event lacks what that takes. */
export function headPathOf(event: DomainEvent): string {
  return ownValue(PATHS, event.entityType)?.(event) ?? defaultHeadPathOf(event);
}
