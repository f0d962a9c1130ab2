import { messageOf } from '#kernel';
import { PermanentError, RetryAfterError } from './handler.ts';
import { ERROR_MESSAGE_LIMIT } from './job.ts';

/** How a handler's run ended, before anybody decided what that means for the job. */
export type AttemptOutcome =
  | { readonly kind: 'success' }
  | { readonly kind: 'failure'; readonly code: string; readonly message: string }
  | { readonly kind: 'permanent'; readonly code: string; readonly message: string }
  | { readonly kind: 'retry-after'; readonly delayMs: number; readonly message: string }
  /** The sink may or may not have taken it. */
  | { readonly kind: 'unknown'; readonly code: string; readonly message: string };

/** Sorts what a handler threw. */
export function outcomeOfError(thrown: unknown): Exclude<AttemptOutcome, { kind: 'success' }> {
  const message = withoutAddresses(messageOf(thrown)).slice(0, ERROR_MESSAGE_LIMIT);
  if (thrown instanceof PermanentError) return { kind: 'permanent', code: thrown.code, message };
  if (thrown instanceof RetryAfterError) {
    return { kind: 'retry-after', delayMs: Math.max(0, thrown.delayMs), message };
  }
  return { kind: 'failure', code: codeOf(thrown), message };
}

const E_MAIL_ADDRESS = /[^\s<>"'(),:;@]+@[^\s<>"'(),:;@]+/g;

/** Providers like to repeat the recipient in their errors; rows and logs must not. */
function withoutAddresses(message: string): string {
  return message.replaceAll(E_MAIL_ADDRESS, '<address>');
}

function codeOf(thrown: unknown): string {
  if (thrown instanceof Error && 'code' in thrown) {
    if (typeof thrown.code === 'string' || typeof thrown.code === 'number') {
      return String(thrown.code).slice(0, 100);
    }
  }
  return 'error';
}
