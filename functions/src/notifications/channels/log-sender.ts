import type { Clock, Logger } from '#kernel';
import { SECOND_MS } from '#kernel';
import { RefusedError } from '#outbox';
import type { EmailSender } from '../email.ts';

const FAIL_FIRST = /\+fail(\d{1,2})@/;
const TAKE_SECONDS = /\+slow(\d{1,2})@/;

/**
 * Sends e-mail to the log: the default, for local runs and tests.
 *
 * Like a mail provider's simulator it obeys its recipient's address, so that trouble can be watched
 * without a switch in any code: `ada+fail2@…` is refused on its first two attempts, and
 * `ada+slow5@…` takes five seconds.
 */
export function createLogSender(logger: Logger, clock: Clock): EmailSender {
  return {
    send: async ({ to, subject, recipientUid, attempt, idempotencyKey }, signal) => {
      const seconds = numberIn(TAKE_SECONDS, to);
      if (seconds > 0) await clock.wait(seconds * SECOND_MS, signal);
      signal.throwIfAborted();
      if (attempt <= numberIn(FAIL_FIRST, to)) {
        throw new RefusedError('The simulated mailbox does not take it now.');
      }
      const message = 'e-mail sent to the log';
      logger.write({ severity: 'INFO', message, recipientUid, subject, idempotencyKey });
    },
  };
}

function numberIn(pattern: RegExp, address: string): number {
  return Number(pattern.exec(address)?.[1] ?? 0);
}
