import type { DocumentTransaction } from '#kernel';
import { CodedError, hashParts } from '#kernel';
import { DOMAIN_EVENTS } from '../event.ts';
import type { StreamHead } from '../streams/stream.ts';
import { defaultHeadPath, readHead, streamEventId, streamHash } from '../streams/stream.ts';
import { CommitBudget } from './commit-budget.ts';
import type { EmitResult } from './emit-result.ts';
import type { EventInput, StreamPosition } from './event-input.ts';
import { checkInput } from './event-input.ts';
import type { PlanContext, PlannedEvent } from './plan-event.ts';
import { jobIdsOf, planEvent } from './plan-event.ts';

/** A stream as one run of a transaction sees it. */
interface OpenStream {
  head: StreamHead;
  /** Versions that an earlier run of the same callback wrote, and this run has not come to yet. */
  readonly own: number[];
}

/** What one run of a transaction's callback has emitted so far. */
interface Run {
  emits: number;
  readonly streams: Map<string, Promise<OpenStream>>;
}

const runs = new WeakMap<DocumentTransaction, Run>();

/** Adds an event and its jobs to a transaction; see `Emit`. */
export async function emitInTransaction(
  context: PlanContext,
  input: EventInput,
  tx: DocumentTransaction,
): Promise<EmitResult> {
  const run = runs.get(tx) ?? { emits: 0, streams: new Map<string, Promise<OpenStream>>() };
  runs.set(tx, run);
  const ordinal = run.emits;
  run.emits += 1;
  checkInput(input);
  if (input.stream !== undefined)
    return append(context, { ...input, stream: input.stream }, tx, run);
  return add(tx, planEvent(fixIds(context, input, tx.token, ordinal), input, tx.token, undefined));
}

/**
 * A plain event's id follows from the token and its place: a callback that is run again makes the same
 * id again and collides where it would have doubled. Firestore's own transaction does not tell its runs
 * apart, so that there every event is the first, and only what it is about tells it from the others.
 */
function fixIds(
  context: PlanContext,
  { orgId, eventType, entityType, entityId }: EventInput,
  token: string,
  ordinal: number,
): PlanContext {
  const documentId = (): string =>
    hashParts(token, String(ordinal), orgId, eventType, entityType, entityId).slice(0, 20);
  return { ...context, ids: { ...context.ids, documentId } };
}

async function append(
  context: PlanContext,
  input: EventInput & { readonly stream: StreamPosition },
  tx: DocumentTransaction,
  { streams }: Run,
): Promise<EmitResult> {
  if (input.idempotencyKey !== undefined) {
    throw new CodedError('invalid-event', 'The event cannot be emitted', [
      { path: 'idempotencyKey', message: 'an event in a stream has its version as its key' },
    ]);
  }
  const hash = streamHash(input);
  const headPath = input.stream.headPath ?? defaultHeadPath(hash);
  const opening = streams.get(headPath) ?? openStream(tx, hash, headPath);
  streams.set(headPath, opening);
  const stream = await opening;

  const ownVersion = stream.own.shift();
  if (ownVersion !== undefined)
    return firstSuccess(context, input, streamEventId(hash, ownVersion));
  const appending = { position: input.stream, head: stream.head };
  const planned = planEvent(context, input, tx.token, appending);
  const result = add(tx, planned);
  if (planned.head !== undefined) {
    stream.head = planned.head;
    tx.merge(headPath, { stream: planned.head });
  }
  return result;
}

/**
 * Reads a stream's head. Where this transaction's token wrote it, the commit of an earlier run of this
 * very callback went through and only its answer was lost: what that run wrote are the events at the
 * end with the same token.
 */
async function openStream(
  tx: DocumentTransaction,
  hash: string,
  headPath: string,
): Promise<OpenStream> {
  const head = readHead((await tx.get(headPath)).data);
  const own: number[] = [];
  let isOwn = head.by === tx.token;
  for (let version = head.version; isOwn; version -= 1) {
    own.unshift(version);
    isOwn = version > 1 && (await writerOf(tx, streamEventId(hash, version - 1))) === tx.token;
  }
  return { head, own };
}

async function writerOf(tx: DocumentTransaction, eventId: string): Promise<unknown> {
  return (await tx.get(`${DOMAIN_EVENTS}/${eventId}`)).data?.['by'];
}

/** Appending again would say twice what happened once. */
function firstSuccess(context: PlanContext, input: EventInput, eventId: string): EmitResult {
  const jobTypes = context.jobsFor(input.eventType).map(({ jobType }) => jobType);
  return { eventId, jobIds: jobIdsOf(input.orgId, eventId, jobTypes), duplicate: false };
}

function add(tx: DocumentTransaction, planned: PlannedEvent): EmitResult {
  CommitBudget.of(tx).spend(planned.eventId, planned.bytes);
  for (const write of planned.writes) {
    if (write.kind === 'create') tx.create(write.path, write.data);
  }
  return { eventId: planned.eventId, jobIds: planned.jobIds, duplicate: false };
}
