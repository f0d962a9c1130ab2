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
  | 'contention'
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

/** As many as anybody mends in one go; a payload can have as many as it has values. */
const MAX_PROBLEMS = 20;

/** An expected failure, said in words a caller may read: no secrets, no internals, no addresses. */
export class CodedError extends Error {
  override readonly name = 'CodedError';
  readonly code: ErrorCode;
  /** The first of them; the message says how many more there are. */
  readonly problems: readonly Problem[];

  constructor(
    code: ErrorCode,
    message: string,
    problems: readonly Problem[] = [],
    options?: ErrorOptions,
  ) {
    super(withProblems(message, problems), options);
    this.code = code;
    this.problems = problems.slice(0, MAX_PROBLEMS);
  }
}

function withProblems(message: string, problems: readonly Problem[]): string {
  if (problems.length === 0) return message;
  const said = problems.slice(0, MAX_PROBLEMS).map(describe).join('; ');
  const more = problems.length - MAX_PROBLEMS;
  return more > 0 ? `${message}: ${said}; and ${more} more` : `${message}: ${said}`;
}

function describe({ path, message }: Problem): string {
  return path === '' ? message : `${path}: ${message}`;
}

/** The part of a zod issue that is needed to name a problem. */
interface SchemaIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** The fields nobody asked for, where that is the problem. */
  readonly keys?: readonly string[];
}

/** Names the place of every problem a schema found, under `prefix`. */
export function problemsOf(issues: readonly SchemaIssue[], prefix = ''): Problem[] {
  return issues.flatMap(({ path, message, keys }) => {
    const place = [...(prefix === '' ? [] : [prefix]), ...path.map(String)];
    if (keys === undefined) return [{ path: place.join('.'), message }];
    return keys.map((key) => ({ path: [...place, key].join('.'), message: 'unknown field' }));
  });
}

/** The text of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
