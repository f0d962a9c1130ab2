import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import { clean } from '../output/text.ts';
import type { components } from './contract.ts';

type Problem = components['schemas']['Problem'];

interface Answered<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** What the API answered; throws a `Failure` for a refusal, which says why in its words. */
export async function answerOf<Data>(
  call: Promise<Answered<Data>>,
): Promise<Exclude<Data, undefined>> {
  const { data, error, response } = await call.catch(misread);
  if (data !== undefined) return data as Exclude<Data, undefined>;
  throw refusal(response, error);
}

function misread(error: unknown): never {
  if (error instanceof Failure) throw error;
  const hint = 'Is it the API of Firestore Outbox (--url, OUTBOX_URL)?';
  throw new Failure(EXIT_CODES.notReachable, 'What came is no answer of the API.', hint, {
    cause: error,
  });
}

function refusal({ status }: Response, error: unknown): Failure {
  if (!isProblem(error)) {
    const message = `The answer was ${status}, without an explanation.`;
    const hint = 'Is it the API of Firestore Outbox (--url, OUTBOX_URL)?';
    return new Failure(exitCodeOf(status), message, hint);
  }
  const lines = [
    `${error.title} (${error.code}): ${error.detail}`,
    ...error.problems.map(({ path, message }) => `  ${path}: ${message}`),
    `  Reference: ${error.requestId}`,
  ];
  return new Failure(exitCodeOf(status), lines.map(clean).join('\n'), hintFor(error));
}

function isProblem(error: unknown): error is Problem {
  const { code, title, problems } = (error ?? {}) as Partial<Problem>;
  return typeof code === 'string' && typeof title === 'string' && Array.isArray(problems);
}

function exitCodeOf(status: number): ExitCode {
  if (status === 401 || status === 403) return EXIT_CODES.notAllowed;
  if (status === 404 || status === 409) return EXIT_CODES.refused;
  return status === 429 || status >= 500 ? EXIT_CODES.notReachable : EXIT_CODES.usage;
}

const HINTS: Readonly<Record<string, string>> = {
  unauthenticated: 'Sign in: outbox login',
  'permission-denied':
    'Ask for the claim `operator: true`, then sign in again: claims are as old as the token.',
  'rate-limited': 'Wait for a minute.',
  contention: 'Try again.',
  'bad-cursor': 'Leave --cursor out: it belongs to the filters of the page before.',
  'unsupported-query': 'Leave filters out until they are some that it names.',
  internal: 'The log of the function `api` has the reference.',
};

function hintFor({ code, problems }: Problem): string | undefined {
  if (problems.some(({ path }) => path === 'X-Org-Id')) {
    return 'Say which organization: --org <orgId>, or OUTBOX_ORG.';
  }
  if (problems.some(({ message }) => message.includes('sideEffects'))) {
    return 'On the command line, `sideEffects` is --side-effects <id...>.';
  }
  return HINTS[code];
}
