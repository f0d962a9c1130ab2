/** What a handler may say of its failure besides a message. */
interface FailureOptions {
  readonly code?: string;
  readonly cause?: unknown;
}

/** A failure with a code of its own. */
abstract class CodedFailure extends Error {
  /** A short stable code for `lastError.code`. */
  readonly code: string;

  constructor(message: string, { code, cause }: FailureOptions, usualCode: string) {
    super(message, { cause });
    this.code = code ?? usualCode;
  }
}

/** Thrown by a handler: trying again cannot help. The job becomes a dead letter at once. */
export class PermanentError extends CodedFailure {
  override readonly name = 'PermanentError';

  constructor(message: string, options: FailureOptions = {}) {
    super(message, options, 'permanent');
  }
}

/**
 * Thrown by a handler: the sink answered, and does not take this job now (a full mailbox, a locked record).
 * Tried again by its policy like any failure, but it does not count against the sink, whose circuit stays closed.
 */
export class RefusedError extends CodedFailure {
  override readonly name = 'RefusedError';

  constructor(message: string, options: FailureOptions = {}) {
    super(message, options, 'refused');
  }
}

/**
 * Thrown by a handler: nobody knows whether the sink took it (the connection broke before it answered,
 * say). Tried again by its policy, or made a dead letter, as its subscription's `onUnknownOutcome` says.
 */
export class UnknownOutcomeError extends CodedFailure {
  override readonly name = 'UnknownOutcomeError';

  constructor(message: string, options: FailureOptions = {}) {
    super(message, options, 'unknown-outcome');
  }
}

/**
 * Thrown by a handler: this code does not know what the job is about, as old code during a rollout. Looked
 * at again as a job without a subscription is: every 5 minutes, without spending an attempt, and after 24
 * hours a dead letter, `unroutable`.
 */
export class UnroutableError extends CodedFailure {
  override readonly name = 'UnroutableError';

  constructor(message: string, options: FailureOptions = {}) {
    super(message, options, 'unroutable');
  }
}

/** Thrown by a handler: try again after `delayMs`, without spending an attempt, within the policy's `maxAgeMs`. */
export class RetryAfterError extends Error {
  override readonly name = 'RetryAfterError';
  readonly delayMs: number;

  constructor(delayMs: number, message: string, options: { cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.delayMs = delayMs;
  }
}
