import { z } from 'zod';
import type { CodedError, ErrorCode, Problem } from '#kernel';

/** What an answer that is no success is about; codes that events and commands have too mean the same. */
export type ProblemCode =
  | ErrorCode
  | 'method-not-allowed'
  | 'unsupported-media-type'
  | 'rate-limited'
  | 'job-malformed'
  | 'job-not-closed'
  | 'job-not-cancellable'
  | 'gave-up-its-place'
  | 'line-is-busy'
  | 'event-missing'
  | 'not-paused'
  | 'internal';

/** Those that are nobody's fault but ours are 500, and say nothing of themselves. */
const KINDS: Readonly<Record<ProblemCode, readonly [status: number, title: string]>> = {
  'invalid-input': [400, 'The request is malformed'],
  'unsupported-query': [400, 'There is no index for these filters'],
  'bad-cursor': [400, 'The cursor is none of this query'],
  unauthenticated: [401, 'There is no valid token'],
  'permission-denied': [403, 'This is not for you to do'],
  'not-found': [404, 'There is no such thing, or not for you'],
  'method-not-allowed': [405, 'There is no such method here'],
  'already-exists': [409, 'It is there already'],
  contention: [409, 'Others kept changing the same data'],
  'failed-precondition': [409, 'The state does not allow it'],
  'idempotency-key-reused': [409, 'The idempotency key was used for something else'],
  'stream-conflict': [409, 'Somebody changed the entity meanwhile'],
  archived: [409, 'It begins with events that are in the archive'],
  'job-malformed': [409, 'The row is no job'],
  'job-not-closed': [409, 'The job is not closed'],
  'job-not-cancellable': [409, 'The job cannot be cancelled'],
  'gave-up-its-place': [409, 'The job gave up its place in its line'],
  'line-is-busy': [409, 'A later job of the line is being run'],
  'event-missing': [409, 'The job’s event is not there'],
  'not-paused': [409, 'There is no such pause'],
  'payload-too-large': [413, 'It is too large'],
  'unsupported-media-type': [415, 'The body is not JSON'],
  'invalid-event': [422, 'An event does not fit'],
  'invalid-schema': [422, 'An event type cannot be registered'],
  'rate-limited': [429, 'Too many calls'],
  internal: [500, 'Something went wrong on our side'],
  'stream-needs-transaction': [500, 'Something went wrong on our side'],
  'stream-broken': [500, 'Something went wrong on our side'],
  'event-unreadable': [500, 'Something went wrong on our side'],
  'archive-damaged': [500, 'Something went wrong on our side'],
  'projection-gap': [500, 'Something went wrong on our side'],
  'projection-failed': [500, 'Something went wrong on our side'],
  'invalid-setting': [500, 'Something went wrong on our side'],
};

const PREFIX = 'urn:firestore-outbox:problem:';

/** An answer that is no success, as RFC 9457 has it. */
export const problemDocument = z.strictObject({
  type: z.string().startsWith(PREFIX),
  title: z.string(),
  status: z.int().min(400).max(599),
  code: z.string(),
  detail: z.string(),
  requestId: z.string(),
  problems: z.array(z.strictObject({ path: z.string(), message: z.string() })),
});

/** As `CodedError`, for what only HTTP knows. */
export interface Refusal {
  readonly code: ProblemCode;
  readonly message: string;
  readonly problems?: readonly Problem[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** The status that a code is answered with. */
export function statusOf(code: ProblemCode): number {
  return KINDS[code][0];
}

/** The answer to a request that is refused; of what is our own fault it says nothing but the reference. */
export function problemResponse(refusal: Refusal | CodedError, requestId: string): Response {
  const isOurs = statusOf(refusal.code) === 500;
  const code = isOurs ? 'internal' : refusal.code;
  const [status, title] = KINDS[code];
  const body: z.input<typeof problemDocument> = {
    type: PREFIX + code,
    title,
    status,
    code,
    detail: isOurs ? `Something went wrong on our side. Reference: ${requestId}.` : refusal.message,
    requestId,
    problems: isOurs ? [] : [...(refusal.problems ?? [])],
  };
  const headers = 'headers' in refusal ? refusal.headers : {};
  return Response.json(body, {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json' },
  });
}
