import type { ErrorCode, Problem } from '#kernel';
import { CodedError } from '#kernel';

/** What an error without a problem of its own is about. */
const ABOUT: Partial<Record<ErrorCode, string>> = {
  'idempotency-key-reused': '.idempotencyKey',
  'stream-needs-transaction': '.stream',
};

/**
 * The answers to several events, in their order; where any is an error, throws one that has every problem of
 * every event by its path, `events[3].payload.text`. Its code is theirs, or `invalid-event` where they differ.
 */
export function allOrRefusal<T>(answers: readonly (T | CodedError)[]): T[] {
  const errors = answers.flatMap((answer) => (answer instanceof CodedError ? [answer] : []));
  const [first] = errors;
  if (first === undefined) return answers as T[];
  const isOneKind = errors.every(({ code }) => code === first.code);
  const problems = answers.flatMap((answer, index) =>
    answer instanceof CodedError ? problemsAt(answer, `events[${index}]`) : [],
  );
  const code = isOneKind ? first.code : 'invalid-event';
  throw new CodedError(code, 'The events cannot be emitted', problems);
}

/** An event's error as one of several events: its problems by their place among them. */
export function problemsAt({ code, message, problems }: CodedError, place: string): Problem[] {
  if (problems.length === 0) return [{ path: `${place}${ABOUT[code] ?? ''}`, message }];
  return problems.map((problem) => ({
    path: problem.path === '' ? place : `${place}.${problem.path}`,
    message: problem.message,
  }));
}
