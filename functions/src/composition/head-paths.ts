import type { DomainEvent } from '#events';
import { defaultHeadPathOf } from '#events';
import { invoicePath, paymentPath } from '../features/billing/index.ts';
import { commentPath } from '../features/comments/index.ts';
import { matterPath } from '../features/matters/index.ts';

/** Entities whose features keep their streams' heads on documents of their own. */
const PATHS: Readonly<Record<string, (event: DomainEvent) => string>> = {
  matter: ({ entityId }) => matterPath(entityId),
  invoice: ({ entityId }) => invoicePath(entityId),
  payment: ({ entityId }) => paymentPath(entityId),
  comment: ({ matterId = '', entityId }) => commentPath(matterId, entityId),
};

/** The document that has the head of an event's stream: what its feature says where it appends. */
export function headPathOf(event: DomainEvent): string {
  return (PATHS[event.entityType] ?? defaultHeadPathOf)(event);
}
