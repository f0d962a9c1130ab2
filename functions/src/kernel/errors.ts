/**
 * Every error this backend answers with on purpose, by a code that stays the same over releases.
 * Anything that is not a `CodedError` is a surprise and reaches callers as `internal`, without its text.
 */
export type ErrorCode =
  | 'invalid-input'
  | 'invalid-event'
  | 'payload-too-large'
  | 'unauthenticated'
  | 'permission-denied'
  | 'not-found'
  | 'already-exists'
  | 'failed-precondition'
  | 'idempotency-key-reused'
  | 'stream-conflict'
  | 'stream-needs-transaction'
  | 'invalid-setting';

/** One thing that was wrong, and where: `payload.amountMinor`. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** An expected failure, said in words a caller may read: no secrets, no internals, no addresses. */
export class CodedError extends Error {
  override readonly name = 'CodedError';
  readonly code: ErrorCode;
  readonly problems: readonly Problem[];

  constructor(code: ErrorCode, message: string, problems: readonly Problem[] = []) {
    super(problems.length === 0 ? message : `${message}: ${problems.map(describe).join('; ')}`);
    this.code = code;
    this.problems = problems;
  }
}

function describe({ path, message }: Problem): string {
  return path === '' ? message : `${path}: ${message}`;
}

/** The part of a zod issue that is needed to name a problem. */
interface SchemaIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Names the place of every problem a schema found, under `prefix`. */
export function problemsOf(issues: readonly SchemaIssue[], prefix = ''): Problem[] {
  return issues.map(({ path, message }) => ({
    path: [...(prefix === '' ? [] : [prefix]), ...path.map(String)].join('.'),
    message,
  }));
}

/** The text of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
