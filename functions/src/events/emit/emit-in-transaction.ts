import type { DocumentTransaction } from '#kernel';
import { CodedError, hashParts, SERVER_TIME } from '#kernel';
import { DOMAIN_EVENTS } from '../event.ts';
import type { StreamHead } from '../streams/stream.ts';
import { defaultHeadPath, readHead, streamHash } from '../streams/stream.ts';
import { CommitBudget } from './commit-budget.ts';
import type { EmitResult } from './emit-result.ts';
import { decodeEvent } from './event-document.ts';
import type { EventInput } from './event-input.ts';
import { checkInput } from './event-input.ts';
import { keyReused } from './key-reused.ts';
import type { PlanContext, PlannedEvent } from './plan-event.ts';
import { jobIdsOf, planEvent } from './plan-event.ts';
import { ReadTooLateError } from './read-too-late-error.ts';

/** A stream as one run of a transaction sees it. */
interface OpenStream {
  head: StreamHead;
}

/** What one run of a transaction's callback has emitted so far. */
interface Run {
  /** How many events there were about something; see `placeOf`. */
  readonly emitted: Map<string, number>;
  readonly streams: Map<string, Promise<OpenStream>>;
  /** The ids of the events that have a key. */
  readonly keyed: Set<string>;
}

const runs = new WeakMap<DocumentTransaction, Run>();

/** Adds an event and its jobs to a transaction; see `Emit`. */
export async function emitInTransaction(
  context: PlanContext,
  input: EventInput,
  tx: DocumentTransaction,
): Promise<EmitResult> {
  const run = runs.get(tx) ?? { emitted: new Map(), streams: new Map(), keyed: new Set() };
  runs.set(tx, run);
  checkInput(input);
  const place = placeOf(run, input, tx.token);
  const earlier = await firstSuccess(tx, place);
  if (earlier !== undefined) return earlier;

  const { stream: position } = input;
  if (position === undefined) {
    const planned = planEvent(fixId(context, place), input, tx.token, undefined);
    if (run.keyed.has(planned.eventId)) throw keyReused(input, 'in the same transaction');
    if (input.idempotencyKey !== undefined) run.keyed.add(planned.eventId);
    return add(tx, place, planned);
  }
  refuseKey(input);
  const headPath = position.headPath ?? defaultHeadPath(streamHash(input));
  const stream = await openStream(tx, run, headPath);
  const planned = planEvent(context, input, tx.token, { position, head: stream.head });
  const result = add(tx, place, planned);
  if (planned.head !== undefined) {
    stream.head = planned.head;
    tx.merge(headPath, { stream: planned.head });
  }
  return result;
}

/**
 * Names an emit the same in every run of the callback, also where emits side by side change their
 * order: by what the event is about, and by how many of that this run has emitted before.
 * Firestore's own transaction does not tell its runs apart, so that there every event is the first.
 */
function placeOf({ emitted }: Run, input: EventInput, token: string): string {
  const { orgId, eventType, entityType, entityId, stream, idempotencyKey = '' } = input;
  const kind = stream === undefined ? 'plain' : 'streamed';
  const about = [orgId, eventType, entityType, entityId, kind, idempotencyKey];
  const aboutHash = hashParts(...about);
  const before = emitted.get(aboutHash) ?? 0;
  emitted.set(aboutHash, before + 1);
  return hashParts(token, String(before), ...about).slice(0, 20);
}

/** A plain event's id is its place: planned again it collides where it would have doubled. */
function fixId(context: PlanContext, place: string): PlanContext {
  return { ...context, ids: { ...context.ids, documentId: () => place } };
}

/**
 * What an earlier run of this callback answered here, if its commit went through and only the answer
 * to it was lost: then the event it planned is there and has this transaction's token, whatever others
 * have done since. Emitting again would say twice what happened once.
 */
async function firstSuccess(
  tx: DocumentTransaction,
  place: string,
): Promise<EmitResult | undefined> {
  const eventId = tx.memory.get(place);
  const data = eventId === undefined ? undefined : await readEarlier(tx, eventId);
  // One without a time yet is about to be written by this very run.
  if (data?.['by'] !== tx.token || data['timestamp'] === SERVER_TIME) return undefined;
  const event = decodeEvent(data);
  if (event === undefined) return undefined;
  const jobIds = jobIdsOf(event.orgId, event.eventId, event.jobTypes);
  return { eventId: event.eventId, jobIds, duplicate: false };
}

async function readEarlier(tx: DocumentTransaction, eventId: string) {
  try {
    return (await tx.get(`${DOMAIN_EVENTS}/${eventId}`)).data;
  } catch (error) {
    // This run has written, so it has found an event of the earlier run's commit missing, and all
    // others are missing with it. Where the caller wrote before, the event's id still collides.
    if (error instanceof ReadTooLateError) return undefined;
    throw error;
  }
}

function refuseKey({ idempotencyKey }: EventInput): void {
  if (idempotencyKey === undefined) return;
  throw new CodedError('invalid-event', 'The event cannot be emitted', [
    { path: 'idempotencyKey', message: 'an event in a stream has its version as its key' },
  ]);
}

/** Reads a stream's head once per run: events emitted side by side follow each other. */
function openStream(
  tx: DocumentTransaction,
  { streams }: Run,
  headPath: string,
): Promise<OpenStream> {
  const open =
    streams.get(headPath) ?? tx.get(headPath).then(({ data }) => ({ head: readHead(data) }));
  streams.set(headPath, open);
  return open;
}

function add(tx: DocumentTransaction, place: string, planned: PlannedEvent): EmitResult {
  const { eventId, jobIds, bytes, writes } = planned;
  CommitBudget.of(tx).spend(place, bytes);
  for (const write of writes) {
    if (write.kind === 'create') tx.create(write.path, write.data);
  }
  tx.memory.set(place, eventId);
  return { eventId, jobIds, duplicate: false };
}
