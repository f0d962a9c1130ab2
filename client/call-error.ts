import { ERROR_CODES } from './contracts.ts';

/**
 * Why a call was not answered: a code of the backend's; `internal`, a surprise on its side; `no-answer`: the
 * network or the platform failed, and whether it was done is not known; `unknown`: a code that only a newer
 * client knows.
 */
export type CallErrorCode = (typeof ERROR_CODES)[number] | 'internal' | 'no-answer' | 'unknown';

/** One thing that was wrong with the input, and where: `lines.0.quantity`. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** What may be otherwise the next time, and is safe to send again under the same key. */
const PASSING: ReadonlySet<CallErrorCode> = new Set(['no-answer', 'internal', 'contention']);

/** A call that was refused, or has no answer. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly code: CallErrorCode;
  /** At most 20; empty unless the input was wrong. */
  readonly problems: readonly Problem[];
  /** What a surprise is called in the backend's logs; undefined for anything else. */
  readonly reference: string | undefined;
  /** Whether the same intent may be answered otherwise when it is sent again. */
  readonly isPassing: boolean;

  constructor(thrown: unknown) {
    const { message, details } = thrown as {
      readonly message?: string;
      readonly details?: unknown;
    };
    super(message ?? String(thrown), { cause: thrown });
    const said = (details ?? {}) as Details;
    this.code = codeOf(thrown, said);
    this.problems = said.problems ?? [];
    this.reference = said.correlationId;
    this.isPassing = PASSING.has(this.code);
  }
}

/** What the backend says of a refusal. */
interface Details {
  readonly code?: string;
  readonly problems?: readonly Problem[];
  readonly correlationId?: string;
}

/** What the platform says itself, where the backend was not reached. */
const OF_PLATFORM: Readonly<Record<string, CallErrorCode>> = {
  'functions/unauthenticated': 'unauthenticated',
  'functions/permission-denied': 'permission-denied',
  'functions/invalid-argument': 'invalid-input',
};

function codeOf(thrown: unknown, { code }: Details): CallErrorCode {
  if (code === undefined) {
    const { code: platforms = '' } = thrown as { readonly code?: string };
    return OF_PLATFORM[platforms] ?? 'no-answer';
  }
  if (code === 'internal') return code;
  return ERROR_CODES.find((known) => known === code) ?? 'unknown';
}
