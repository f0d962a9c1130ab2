import { EXIT_CODES } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import type { Shell } from '../shell.ts';

const TRIES = 4;
const FIRST_PAUSE_MS = 500;
const TIMEOUT_MS = 60_000;
const LONGEST_PAUSE_MS = 60_000;
/** Nothing was done, or whoever is in between does not know: both may be asked again. */
const PASSING = new Set([429, 502, 503, 504]);

/**
 * `shell.fetch` that asks again where that changes nothing more: reads, and what carries an `Idempotency-Key`.
 * Throws a `Failure` where nobody answers.
 */
export function createPatientFetch(shell: Shell): (request: Request) => Promise<Response> {
  return async (request) => {
    const isRepeatable = request.method === 'GET' || request.headers.has('idempotency-key');
    for (let attempt = 1; ; attempt += 1) {
      const answer = await tryOnce(shell, request.clone());
      const isLast = !isRepeatable || attempt === TRIES || shell.interrupted.aborted;
      if (answer instanceof Response && (isLast || !PASSING.has(answer.status))) return answer;
      if (isLast) throw notReachable(shell, request.url, answer);
      await shell.wait(pauseMs(answer, attempt));
    }
  };
}

async function tryOnce(shell: Shell, request: Request): Promise<unknown> {
  const signal = AbortSignal.any([shell.interrupted, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    return await shell.fetch(new Request(request, { signal }));
  } catch (error) {
    return error;
  }
}

function pauseMs(answer: unknown, attempt: number): number {
  const asked = answer instanceof Response ? Number(answer.headers.get('retry-after')) * 1000 : 0;
  return Math.min(Math.max(asked, FIRST_PAUSE_MS * 2 ** (attempt - 1)), LONGEST_PAUSE_MS);
}

function notReachable(shell: Shell, url: string, error: unknown): Failure {
  if (shell.interrupted.aborted) {
    return new Failure(EXIT_CODES.interrupted, 'Interrupted.', undefined, { cause: error });
  }
  const hint = 'Is the address right (--url, OUTBOX_URL)? Here `npm start` starts what it asks.';
  const message = `${new URL(url).origin} does not answer: ${reasonOf(error)}`;
  return new Failure(EXIT_CODES.notReachable, message, hint, { cause: error });
}

/** `fetch` says only that it failed; why is in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause as { readonly code?: string; readonly message?: string } | undefined;
  return cause?.code ?? cause?.message ?? error.message;
}
