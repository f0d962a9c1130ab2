import type { DocumentSnapshot, Firestore, Timestamp } from 'firebase-admin/firestore';
import type { DocumentData, TimePosition, WriteTime } from '#kernel';
import { rangeOf } from '#kernel';
import { buildCount, buildQuery } from '#kernel/firestore';
import { createFindUnsent } from '#outbox/firestore';
import type { ArchiveSource, StoredEvent } from '../archive/archive-source.ts';
import { ARCHIVES } from '../archive/archive-source.ts';
import type { ArchivedLine } from '../archive/part.ts';
import { DOMAIN_EVENTS } from '../event.ts';
import { momentOf, readRow } from '../integrity/stored-row.ts';
import { readHead, streamEventId } from '../streams/stream.ts';
import { EVENTS_OF_ORG_OLDEST, EVENTS_OF_STREAM } from './queries.ts';
import { decodeFields, encodeFields, timeText } from './stored-fields.ts';

/** An organization's log in Firestore, for archiving and restoring. Reads only. */
export function createArchiveSource(firestore: Firestore): ArchiveSource {
  const log = firestore.collection(DOMAIN_EVENTS);
  const fieldsOf = (line: ArchivedLine) => decodeFields(firestore, line.fields);
  const documents = async (paths: readonly string[]) => {
    const found = await readAll(firestore, paths);
    return new Map(found.map((snapshot) => [snapshot.ref.path, snapshot.data() ?? {}]));
  };
  return {
    state: (orgId) => readState(firestore, orgId),
    eventsBefore: async ({ orgId, beforeMs, after, limit }) => {
      const values = { equals: { orgId }, ...before(beforeMs), after, limit };
      return (await buildQuery(log, EVENTS_OF_ORG_OLDEST, values).get()).docs.map(storedEventOf);
    },
    countBefore: async (orgId, beforeMs) => {
      const values = { equals: { orgId }, ...before(beforeMs) };
      return (await buildCount(log, EVENTS_OF_ORG_OLDEST, values).get()).data().count;
    },
    withUnsentJobs: createFindUnsent(firestore),
    documents,
    heads: async (paths) => {
      const found = [...(await documents(paths))].map(
        ([path, data]) => [path, readHead(data)] as const,
      );
      return new Map(found.filter(([, { version }]) => version > 0));
    },
    lines: async (ids) => {
      const found = await readAll(
        firestore,
        ids.map((id) => `${DOMAIN_EVENTS}/${id}`),
      );
      return new Map(found.map((snapshot) => [snapshot.id, lineOf(snapshot)]));
    },
    runUpTo: (hash, throughVersion) => runUpTo(firestore, hash, throughVersion),
    rowOf: (line) => readRow({ id: line.id, data: fieldsOf(line) }),
    restoring: (line) => {
      return { kind: 'create', path: `${DOMAIN_EVENTS}/${line.id}`, data: fieldsOf(line) };
    },
  };
}

function before(beforeMs: number): { readonly fromMs: number; readonly throughMs: number } {
  // Bounds are inclusive. Documents whose time is none are found by no such query.
  return { fromMs: rangeOf(undefined, undefined).fromMs, throughMs: beforeMs - 1 };
}

async function readState(firestore: Firestore, orgId: string): ReturnType<ArchiveSource['state']> {
  const snapshot = await firestore.doc(`${ARCHIVES}/${orgId}`).get();
  const counted = (field: string): number => Number(snapshot.get(field) ?? 0);
  const readAtMs = snapshot.readTime.toMillis();
  if (snapshot.updateTime === undefined) return { state: undefined, readAtMs };
  const writtenAt = writeTimeOf(snapshot.updateTime);
  const state = { events: counted('events'), archived: counted('archived'), writtenAt };
  return { state, readAtMs };
}

async function readAll(
  firestore: Firestore,
  paths: readonly string[],
): Promise<DocumentSnapshot[]> {
  if (paths.length === 0) return [];
  const snapshots = await firestore.getAll(...paths.map((path) => firestore.doc(path)));
  return snapshots.filter(({ exists }) => exists);
}

function storedEventOf(snapshot: DocumentSnapshot): StoredEvent {
  const data = dataOf(snapshot);
  if (snapshot.updateTime === undefined) throw new Error(`${snapshot.id} is not there.`);
  return {
    row: readRow({ id: snapshot.id, data }),
    place: placeOf(snapshot.id, data),
    line: lineOf(snapshot),
    writtenAt: writeTimeOf(snapshot.updateTime),
  };
}

function lineOf(snapshot: DocumentSnapshot): ArchivedLine {
  const data = dataOf(snapshot);
  const { id } = snapshot;
  const recordedAt = momentOf(data['timestamp']);
  return {
    id,
    recordedAt: recordedAt === undefined ? '' : timeText(recordedAt),
    fields: encodeFields(data),
  };
}

function placeOf(id: string, data: DocumentData): TimePosition {
  const recordedAt = momentOf(data['timestamp']);
  // The query asks for times only.
  if (recordedAt === undefined) throw new Error(`${id} has no time.`);
  return { ...recordedAt, id };
}

function dataOf(snapshot: DocumentSnapshot): DocumentData {
  const data = snapshot.data();
  if (data === undefined) throw new Error(`${snapshot.id} is not there.`);
  return data;
}

function writeTimeOf({ seconds, nanoseconds }: Timestamp): WriteTime {
  return { seconds, nanoseconds };
}

async function runUpTo(
  firestore: Firestore,
  hash: string,
  throughVersion: number,
): Promise<number> {
  const log = firestore.collection(DOMAIN_EVENTS);
  const last = await log.doc(streamEventId(hash, throughVersion)).get();
  if (!last.exists) return 0;
  const range = { afterId: streamEventId(hash, 0), throughId: last.id };
  const values = { equals: {}, ...range, limit: throughVersion };
  const { docs } = await buildQuery(log, EVENTS_OF_STREAM, values).select().get();
  const there = new Set(docs.map(({ id }) => id));
  let version = throughVersion;
  while (there.has(streamEventId(hash, version))) version -= 1;
  return throughVersion - version;
}
