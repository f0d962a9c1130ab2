import { z } from 'zod';
import type { DomainEvent } from '#events';
import type { ExternalHandler, NewJob, RetryPolicy } from '#outbox';
import { PermanentError } from '#outbox';

/** The job type of one e-mail to one person. */
const EMAIL_JOB_TYPE = 'email';

const emailPayload = z.object({ to: z.string(), subject: z.string(), text: z.string() });

/** One e-mail, and what a provider needs to send it once: the job's id is its idempotency key. */
export interface Email extends z.output<typeof emailPayload> {
  readonly idempotencyKey: string;
  readonly recipientUid: string | undefined;
  /** Which attempt this is, from 1. */
  readonly attempt: number;
}

/**
 * The job of one e-mail because of an event: one for each recipient, however often whoever answers with it is
 * run. The address is in its payload and nowhere else.
 */
export function emailJob(
  { orgId, eventId, eventType }: DomainEvent,
  recipientUid: string,
  payload: z.output<typeof emailPayload>,
  metadata: NewJob['metadata'],
): NewJob {
  const about = { orgId, causeId: eventId, eventId, eventType };
  return { jobType: EMAIL_JOB_TYPE, ...about, recipientUid, payload, metadata };
}

/** A way to send e-mail. Throws what the engine understands: `PermanentError`, `RetryAfterError`, or any error. */
export interface EmailSender {
  send(email: Email, signal: AbortSignal): Promise<void>;
}

/** Sends one e-mail job through the configured provider. */
export function createEmailHandler(sender: EmailSender, policy: RetryPolicy): ExternalHandler {
  return {
    jobType: EMAIL_JOB_TYPE,
    kind: 'external',
    onUnknownOutcome: 'retry',
    policy,
    send: async (job, { signal }) => {
      const payload = emailPayload.safeParse(job.payload);
      if (!payload.success) {
        throw new PermanentError('The e-mail job has no recipient, subject or text.');
      }
      const { id, recipientUid, attempts } = job;
      const email = { ...payload.data, idempotencyKey: id, recipientUid, attempt: attempts };
      await sender.send(email, signal);
    },
  };
}
