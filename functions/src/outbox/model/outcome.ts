import { messageOf } from '#kernel';
import {
  PermanentError,
  RefusedError,
  RetryAfterError,
  UnknownOutcomeError,
  UnroutableError,
} from './handler-errors.ts';
import { ERROR_MESSAGE_LIMIT } from './job.ts';

/** How a handler's run ended, before anybody decided what that means for the job. */
export type AttemptOutcome =
  | { readonly kind: 'success' }
  | { readonly kind: 'failure'; readonly code: string; readonly message: string }
  /** A failure of the job, and none of its sink. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  | { readonly kind: 'permanent'; readonly code: string; readonly message: string }
  | {
      readonly kind: 'retry-after';
      readonly delayMs: number;
      readonly code: string;
      readonly message: string;
    }
  /** This code does not know what it is about; newer code may. */
  | { readonly kind: 'unroutable'; readonly code: string; readonly message: string }
  /** The sink may or may not have taken it. */
  | { readonly kind: 'unknown'; readonly code: string; readonly message: string };

/** Sorts what a handler threw. */
export function outcomeOfError(thrown: unknown): Exclude<AttemptOutcome, { kind: 'success' }> {
  const message = storable(messageOf(thrown), ERROR_MESSAGE_LIMIT);
  if (thrown instanceof RetryAfterError && Number.isFinite(thrown.delayMs)) {
    // Whole milliseconds, and never earlier than asked for.
    const delayMs = Math.ceil(Math.max(0, thrown.delayMs));
    return { kind: 'retry-after', code: 'retry-after', delayMs, message };
  }
  return { kind: kindOf(thrown), code: storable(codeOf(thrown), ERROR_CODE_LIMIT), message };
}

function kindOf(thrown: unknown): Exclude<AttemptOutcome['kind'], 'success' | 'retry-after'> {
  if (thrown instanceof PermanentError) return 'permanent';
  if (thrown instanceof RefusedError) return 'refused';
  if (thrown instanceof UnroutableError) return 'unroutable';
  return thrown instanceof UnknownOutcomeError ? 'unknown' : 'failure';
}

/** Where an error's code is cut: codes are for grouping by, and some libraries put prose there. */
const ERROR_CODE_LIMIT = 100;

// A sink may answer with megabytes. So no pattern looks at the same stretch from each of its letters,
// which would be quadratic: what has no fixed length begins at a word, a quote or a name, and ends there.

/** `@`, also as URLs encode it, and as they encode that again. */
const AT = String.raw`(?:@|%(?:25)*40)`;
const DOMAIN = String.raw`[^\s<>"'(),:;@]+`;
/** `"ann lee"@example.com`: by RFC 5321 at most 64 characters, or whatever is between two quotes. */
const QUOTED_ADDRESS = new RegExp(
  String.raw`(?:"(?:[^"\\]|\\[^]){0,64}"|"[^"]*")${AT}${DOMAIN}`,
  'g',
);
const ADDRESS = new RegExp(String.raw`(?<![^\s<>"(),:;@])[^\s<>"(),:;@]+${AT}${DOMAIN}`, 'g');

/** What comes before a secret and stays, and the secret. */
const SECRETS = [
  // Credentials of an Authorization header.
  /(\b(?:Bearer|Basic)(?:\s|%20|\+)+)[^\s"',;<>]+/gi,
  // Keys that say whose they are: SendGrid's, Stripe's, Google's.
  /((?<![A-Za-z0-9])SG\.)[\w.-]+/g,
  /((?:[a-z]k_(?:live|test)|whsec)_)\w+/g,
  /((?<![A-Za-z0-9])(?:AIza|ya29\.))[\w-]+/g,
  // Parameters of a URL whose names end like this.
  /((?:key|token|password|secret|signature)(?:=|%(?:25)*3D))[^\s&"]+/gi,
];

/**
 * Providers like to repeat the recipient, or the request with its credentials, in their errors; rows
 * and logs must not.
 * Half a character (a surrogate alone) would be refused by the database, and the settle with it.
 */
function storable(text: string, limit: number): string {
  const withoutSecrets = SECRETS.reduce(
    (rest, secret) => rest.replaceAll(secret, '$1<secret>'),
    text,
  );
  return withoutSecrets
    .replaceAll(QUOTED_ADDRESS, '<address>')
    .replaceAll(ADDRESS, '<address>')
    .slice(0, limit)
    .toWellFormed();
}

function codeOf(thrown: unknown): string {
  if (thrown instanceof Error && 'code' in thrown) {
    if (typeof thrown.code === 'string' || typeof thrown.code === 'number') return `${thrown.code}`;
  }
  return 'error';
}
