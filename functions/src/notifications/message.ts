import type { DomainEvent } from '#events';

/** What one person is told of an event. */
export interface Message {
  readonly title: string;
  readonly body: string;
}

const TITLES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'user.joined': 'Somebody joined your organization',
    'matter.created': 'You are in a new matter',
    'matter.updated': 'A matter was changed',
    'comment.added': 'New comment',
    'comment.updated': 'A comment was changed',
    'comment.deleted': 'A comment was deleted',
    'invoice.created': 'An invoice was drafted',
    'invoice.sent': 'An invoice was sent',
    'invoice.paid': 'An invoice was paid',
    'payment.received': 'A payment came in',
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
