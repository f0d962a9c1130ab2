import type { DomainEvent } from '#events';

/** What one person is told of an event. */
export interface Message {
  readonly title: string;
  readonly body: string;
}

const TITLES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'user.joined': 'Somebody joined your organization',
    'user.role_changed': 'Somebody’s role changed',
    'user.left': 'Somebody left your organization',
    'client.created': 'A client was taken on',
    'account.created': 'An account was opened',
    'account.updated': 'An account was changed',
    'matter.created': 'You are in a new matter',
    'matter.updated': 'A matter was changed',
    'comment.added': 'New comment',
    'comment.updated': 'A comment was changed',
    'comment.deleted': 'A comment was deleted',
    'task.created': 'New task',
    'task.updated': 'A task was changed',
    'task.assigned': 'A task was given to somebody',
    'task.completed': 'A task was done',
    'document.uploaded': 'New document',
    'invoice.created': 'An invoice was drafted',
    'invoice.sent': 'An invoice was sent',
    'invoice.issued': 'An invoice was issued',
    'invoice.partially_paid': 'A part of an invoice was paid',
    'invoice.paid': 'An invoice was paid',
    'invoice.overdue': 'An invoice is overdue',
    'invoice.voided': 'An invoice was taken back',
    'payment.received': 'A payment came in',
    'payment.paid': 'A payment was verified',
    'case.opened': 'A case was opened',
    'order.created': 'New order',
    'order.checkout_sent': 'The link to pay an order was sent',
    'order.payment_processing': 'The payment of an order is under way',
    'order.paid': 'An order was paid',
    'order.payment_failed': 'The payment of an order failed',
    'order.checkout_expired': 'An order was not paid in time',
    'fulfillment.created': 'An order is to be delivered',
    'shipment.drafted': 'A shipment was put together',
    'shipment.ready': 'A shipment is ready',
    'shipment.in_transit': 'A shipment is on its way',
    'shipment.delivered': 'A shipment arrived',
    'automation.step_queued': 'An automation is under way',
    'automation.step_succeeded': 'A step of an automation was carried out',
    'automation.step_failed': 'A step of an automation failed',
    'price_agreement.created': 'A price was agreed',
    'price_agreement.updated': 'An agreed price was changed',
    'price_agreement.synced': 'An agreed price was synchronized',
    'price_agreement.sync_failed': 'An agreed price could not be synchronized',
    'pricechange.applied': 'A price was changed',
    'shopify.sync.started': 'The shop is being read',
    'shopify.sync.completed': 'The shop was read',
    'shopify.sync.failed': 'The shop could not be read',
    'product.created': 'New product',
    'product.updated': 'A product was changed',
    'product.deleted': 'A product was deleted',
    'legacy_sync.requested': 'A synchronization was asked for',
    'legacy_sync.completed': 'A synchronization is complete',
    'consent.granted': 'Somebody agreed to be contacted',
    'consent.revoked': 'Somebody no longer agrees to be contacted',
    'dnc.check_performed': 'A number was looked up',
    'compliance.violation_detected': 'A rule was violated',
    'call.created': 'New call',
    'call.started': 'A call was put through',
    'call.attempted': 'A call was tried',
    'platform.alert_raised': 'An alert was raised',
    'platform.alert_resolved': 'An alert was resolved',
  }),
);
const BODY_PREVIEW_LENGTH = 200;

/** The words for one recipient; somebody who is mentioned is told so. */
export function messageFor(event: DomainEvent, recipientUid: string): Message {
  const payload = isRecord(event.payload) ? event.payload : {};
  const text = payload['body'] ?? payload['title'];
  const mentions = payload['mentions'];
  const isMentioned = Array.isArray(mentions) && mentions.includes(recipientUid);
  return {
    title: isMentioned ? 'You were mentioned' : (TITLES.get(event.eventType) ?? event.eventType),
    body: typeof text === 'string' ? preview(text) : '',
  };
}

/** Cut between what a reader sees as characters, never within one. */
function preview(text: string): string {
  const segments = new Intl.Segmenter().segment(text);
  const firstBeyond = segments.containing(BODY_PREVIEW_LENGTH);
  return firstBeyond === undefined ? text : `${text.slice(0, firstBeyond.index)}…`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
