import type { DomainEvent } from '#events';
import type { NewJob } from '#outbox';
import { emailJob } from './email.ts';

/** Somebody without an account, whom only an e-mail reaches. */
export interface Contact {
  readonly clientId: string;
  readonly email: string;
}

/**
 * The job of one e-mail to a contact because of an event: its recipient is `contact-<clientId>`, so that an
 * event sends each contact one, however often whoever answers with it is run. The address is in the job's
 * payload and nowhere else.
 */
export function contactEmail(
  event: DomainEvent,
  { clientId, email: to }: Contact,
  {
    subject,
    text,
    metadata,
  }: {
    readonly subject: string;
    readonly text: string;
    /** The job's that answers with it. */
    readonly metadata: NewJob['metadata'];
  },
): NewJob {
  return emailJob(event, `contact-${clientId}`, { to, subject, text }, metadata);
}
