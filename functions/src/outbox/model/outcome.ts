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
  const message = storable(messageOf(thrown), ERROR_MESSAGE_LIMIT);
  if (thrown instanceof RetryAfterError) {
    // Whole milliseconds, and never earlier than asked for.
    return { kind: 'retry-after', delayMs: Math.ceil(Math.max(0, thrown.delayMs)), message };
  }
  const kind = thrown instanceof PermanentError ? 'permanent' : 'failure';
  return { kind, code: storable(codeOf(thrown), ERROR_CODE_LIMIT), message };
}

/** Where an error's code is cut: codes are for grouping by, and some libraries put prose there. */
const ERROR_CODE_LIMIT = 100;

/** Starts only where a word does: from every letter of a long word, the search would be quadratic. */
const E_MAIL_ADDRESS = /(?<![^\s<>"(),:;@])[^\s<>"(),:;@]+@[^\s<>"'(),:;@]+/g;

/**
 * Providers like to repeat the recipient in their errors; rows and logs must not.
 * Half a character (a surrogate alone) would be refused by the database, and the settle with it.
 */
function storable(text: string, limit: number): string {
  return text.replaceAll(E_MAIL_ADDRESS, '<address>').slice(0, limit).toWellFormed();
}

function codeOf(thrown: unknown): string {
  if (thrown instanceof Error && 'code' in thrown) {
    if (typeof thrown.code === 'string' || typeof thrown.code === 'number') return `${thrown.code}`;
  }
  return 'error';
}
