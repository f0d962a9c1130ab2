import { z } from 'zod';
import type { ExternalHandler, RetryPolicy } from '#outbox';
import { PermanentError } from '#outbox';

/** The job type of one e-mail to one person. */
export const EMAIL_JOB_TYPE = 'email';

const emailPayload = z.object({ to: z.string(), subject: z.string(), text: z.string() });

/** One e-mail, and what a provider needs to send it once: the job's id is its idempotency key. */
export interface Email extends z.output<typeof emailPayload> {
  readonly idempotencyKey: string;
  readonly recipientUid: string | undefined;
  /** Which attempt this is, from 1. */
  readonly attempt: number;
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
