/**
 * Every error this backend answers with on purpose, by a code that stays the same over releases.
 * Anything that is not a `CodedError` is a surprise and reaches callers as `internal`, without its text.
 */
export type ErrorCode =
  | 'invalid-input'
  | 'invalid-event'
  | 'invalid-schema'
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
  | 'stream-broken'
  | 'event-unreadable'
  | 'archived'
  | 'archive-damaged'
  | 'projection-gap'
  | 'projection-failed'
  | 'unsupported-query'
  | 'bad-cursor'
  | 'invalid-setting';

/** One thing that was wrong, and where: `payload.amountMinor`. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** As many as anybody mends in one go; a payload can have as many as it has values. */
const MAX_PROBLEMS = 20;
/** Where a problem's path and message are cut: field names are the caller's, of any length. */
const MAX_LENGTH = 200;

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
    const said = problems.slice(0, MAX_PROBLEMS).map(shorten);
    super(withProblems(message, said, problems.length - said.length), options);
    this.code = code;
    this.problems = said;
  }
}

function withProblems(message: string, problems: readonly Problem[], more: number): string {
  if (problems.length === 0) return message;
  const said = problems.map(describe).join('; ');
  return more > 0 ? `${message}: ${said}; and ${more} more` : `${message}: ${said}`;
}

function describe({ path, message }: Problem): string {
  return path === '' ? message : `${path}: ${message}`;
}

function shorten({ path, message }: Problem): Problem {
  return { path: cut(path), message: cut(message) };
}

/** At most 200 characters of a text, none of them half of one. */
function cut(text: string): string {
  if (text.length <= MAX_LENGTH) return text.toWellFormed();
  const start = text.slice(0, MAX_LENGTH - 1);
  const isSplit = !start.isWellFormed() && /[\uD800-\uDBFF]$/.test(start);
  return `${(isSplit ? start.slice(0, -1) : start).toWellFormed()}…`;
}

/** The part of a zod issue that is needed to name a problem. */
interface SchemaIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** The fields nobody asked for, where that is the problem. */
  readonly keys?: readonly string[];
}

const UNKNOWN = 'unknown field';

/** Names the place of every problem a schema found, under `prefix`. */
export function problemsOf(issues: readonly SchemaIssue[], prefix = ''): Problem[] {
  return issues.flatMap(({ path, message, keys }) => {
    const place = [...(prefix === '' ? [] : [prefix]), ...path.map((step) => cut(String(step)))];
    if (keys === undefined) return [shorten({ path: place.join('.'), message })];
    return keys.map((key) => shorten({ path: [...place, cut(key)].join('.'), message: UNKNOWN }));
  });
}

/** The text of anything that was thrown. Never throws itself. */
export function messageOf(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message : thrown);
  } catch {
    return 'something without a text was thrown';
  }
}
