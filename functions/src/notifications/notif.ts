import type { DomainEvent, Subscription } from '#events';
import type { DocumentWrite } from '#kernel';
import { SERVER_TIME } from '#kernel';
import type { NewJob } from '#outbox';
import type { Audience, Recipient } from './audience.ts';
import { recipientsOf } from './audience.ts';
import { emailJob } from './email.ts';
import { messageFor } from './message.ts';

/**
 * Fans an event out: for each recipient one `notifications` document and one e-mail job, all in the
 * commit that settles the event's `notif` job. One recipient's failing e-mail then retries alone.
 */
export function createNotifSubscription(audience: Audience): Subscription<DomainEvent> {
  return {
    id: 'notif',
    kind: 'transactional',
    makesExternalJobs: true,
    handle: async (event, job) => {
      const recipients = await recipientsOf(event, audience);
      return {
        writes: recipients.map((recipient) => notificationFor(event, recipient)),
        jobs: recipients.map((recipient) => emailFor(event, recipient, job.metadata)),
      };
    },
  };
}

function notificationFor(event: DomainEvent, { uid }: Recipient): DocumentWrite {
  const { orgId, eventId, eventType, entityType, entityId, matterId } = event;
  const id = `${eventId}:${uid}`;
  return {
    kind: 'create',
    path: `notifications/${id}`,
    data: {
      id,
      orgId,
      recipientUid: uid,
      eventId,
      eventType,
      entityType,
      entityId,
      ...(matterId === undefined ? {} : { matterId }),
      ...messageFor(event, uid),
      readAt: null,
      createdAt: SERVER_TIME,
    },
  };
}

function emailFor(
  event: DomainEvent,
  { uid, email: to }: Recipient,
  metadata: NewJob['metadata'],
): NewJob {
  const { title: subject, body: text } = messageFor(event, uid);
  return emailJob(event, uid, { to, subject, text }, metadata);
}
