import type { z } from 'zod';
import type { Problem } from '#kernel';
import { CodedError, hashParts, problemsOf } from '#kernel';
import type { ProblemCode } from './problem.ts';
import type { Route } from './route.ts';

/** More than any commit takes, in JSON: an event log's commit has at most 5 MB encoded. */
const MAX_BODY_BYTES = 6 * 1024 * 1024;
const MAX_KEY_LENGTH = 200;
const JSON_TYPE = /^application\/json\s*(;|$)/i;

/** A refusal that only HTTP knows. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly code: ProblemCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.code = code;
    this.headers = headers;
  }
}

type Input = Parameters<Route['handle']>[2];

/** What a request's path and query say; throws with the path of every problem. */
export function readAddress(
  route: Pick<Route, 'params' | 'query'>,
  params: Readonly<Record<string, string>>,
  query: URLSearchParams,
): Pick<Input, 'params' | 'query'> {
  return {
    params: check(route.params, params, 'invalid-input'),
    query: check(route.query, fieldsOf(query), 'invalid-input'),
  };
}

/** What a request brings, for who may bring it: to read 6 MB takes its time. */
export async function readBody(
  { body: contract, takesKey }: Pick<Route, 'body' | 'takesKey'>,
  request: Request,
): Promise<Pick<Input, 'body' | 'idempotencyKey' | 'bodyHash'>> {
  if (contract === undefined) {
    return { body: undefined, idempotencyKey: undefined };
  }
  const idempotencyKey =
    takesKey === true ? keyOf(request.headers.get('idempotency-key')) : undefined;
  const text = await readText(request);
  const bodyHash = idempotencyKey === undefined ? undefined : hashParts(text);
  const value = parse(text);
  const { schema, schemaFor, code } = contract;
  return { body: check(schemaFor?.(value) ?? schema, value, code), idempotencyKey, bodyHash };
}

function check(
  schema: z.ZodType,
  value: unknown,
  code: 'invalid-input' | 'invalid-event' | 'invalid-schema',
): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = problemsOf(result.error.issues).map(inHouseStyle);
  throw new CodedError(code, 'The request cannot be carried out', problems);
}

/** `events[3].payload`, as where several events are emitted. */
function inHouseStyle({ path, message }: Problem): Problem {
  return { path: path.replace(/^events\.(\d+)/, 'events[$1]'), message };
}

function fieldsOf(query: URLSearchParams): Readonly<Record<string, string>> {
  const names = [...query.keys()];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    const problem = { path: twice, message: 'said more than once' };
    throw new CodedError('invalid-input', 'The request cannot be carried out', [problem]);
  }
  return Object.fromEntries(query);
}

function keyOf(header: string | null): string | undefined {
  if (header === null) return undefined;
  if (header.length >= 1 && header.length <= MAX_KEY_LENGTH) return header;
  const problem = {
    path: 'Idempotency-Key',
    message: `expected 1 to ${MAX_KEY_LENGTH} characters`,
  };
  throw new CodedError('invalid-input', 'The request cannot be carried out', [problem]);
}

async function readText(request: Request): Promise<string> {
  if (!JSON_TYPE.test(request.headers.get('content-type') ?? '')) {
    throw new HttpError('unsupported-media-type', 'Send JSON, as application/json.');
  }
  const bytes = await request.arrayBuffer();
  if (bytes.byteLength > MAX_BODY_BYTES) {
    const message = `The body has ${bytes.byteLength} bytes; at most ${MAX_BODY_BYTES} are taken.`;
    throw new HttpError('payload-too-large', message);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw notJson();
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw notJson();
  }
}

function notJson(): CodedError {
  return new CodedError('invalid-input', 'The body is not JSON in UTF-8.');
}
