import type { ErrorCode } from '#kernel';
import { CodedError } from '#kernel';

/** How calls that raced ended: `ok`, or the code of their refusal, in alphabetical order. */
export async function endsOf(calls: readonly Promise<unknown>[]): Promise<(ErrorCode | 'ok')[]> {
  const settled = await Promise.allSettled(calls);
  return settled.map((end) => (end.status === 'fulfilled' ? 'ok' : codeOf(end.reason))).toSorted();
}

function codeOf(reason: unknown): ErrorCode {
  if (reason instanceof CodedError) return reason.code;
  throw reason;
}
