import type { DocumentData } from '#kernel';
import { isEntityId, isTypeName } from '#kernel';
import { decodeEvent } from '../emit/event-document.ts';
import { isTimestamp } from '../emit/stored-value.ts';
import type { DomainEvent } from '../event.ts';
import { streamEventId, streamHash } from '../streams/stream.ts';
import type { Finding } from './finding.ts';
import { finding } from './finding.ts';
import type { Moment } from './integrity-state.ts';

/** A document of the log as it is stored. */
export interface StoredRow {
  readonly id: string;
  readonly data: DocumentData;
}

/** A document of the log as far as it could be made out. */
export interface Row {
  readonly id: string;
  /** Undefined where it is no event, or not the one of this id. */
  readonly event: DomainEvent | undefined;
  readonly recordedAt: Moment | undefined;
  /** What is stored as its payload, with times to the microsecond. */
  readonly payload: unknown;
  /** Its place in a stream, by its id. */
  readonly place: { readonly hash: string; readonly version: number } | undefined;
  readonly findings: readonly Finding[];
}

const STREAM_ID = /^([0-9a-f]{20})-(\d{9})$/;

/** Makes out a document: whether it is an event, and stored where it belongs. */
export function readRow({ id, data }: StoredRow): Row {
  const [, hash, digits] = STREAM_ID.exec(id) ?? [];
  const place = hash === undefined ? undefined : { hash, version: Number(digits) };
  const recordedAt = momentOf(data['timestamp']);
  const event = readable(decodeEvent(data));
  const wrong = recordedAt && event ? wrongIdOf(id, event) : notAnEvent(id, event);
  return {
    id,
    place,
    recordedAt,
    payload: data['payload'],
    event: wrong === undefined ? event : undefined,
    findings: wrong === undefined ? [] : [wrong],
  };
}

function notAnEvent(id: string, event: DomainEvent | undefined): Finding {
  const found = event === undefined ? 'fields that are none' : 'no time in its timestamp';
  return finding('not-an-event', id, { expected: 'the fields of an event', found });
}

/** An event of a stream has its entity and version in its id; any other has no id that looks so. */
function wrongIdOf(id: string, event: DomainEvent): Finding | undefined {
  const { eventId, streamVersion } = event;
  const isPlain = streamVersion === undefined;
  const ownId = isPlain ? eventId : streamEventId(streamHash(event), streamVersion);
  if (ownId === id && eventId === id && isPlain !== STREAM_ID.test(id)) return undefined;
  const named = (ownId === id ? eventId : ownId).slice(0, 150);
  const found = `an event that says it is ${named}${isPlain ? ', in no stream' : ''}`;
  return finding('wrong-id', id, { expected: 'the event of this id', found });
}

/** Ids and types name other documents: they have to be what an emit would have let through. */
function readable(event: DomainEvent | undefined): DomainEvent | undefined {
  if (event === undefined) return undefined;
  const { orgId, entityId, entityType, jobTypes, matterId = entityId } = event;
  const isNamed = [orgId, entityId, matterId].every(isEntityId) && isTypeName(entityType);
  return isNamed && jobTypes.every(isTypeName) ? event : undefined;
}

export function momentOf(value: unknown): Moment | undefined {
  if (typeof value !== 'object' || value === null || !isTimestamp(value)) return undefined;
  const { seconds, nanoseconds } = value;
  return { seconds, nanoseconds };
}
