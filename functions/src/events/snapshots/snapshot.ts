import { z } from 'zod';
import type { DocumentData } from '#kernel';
import { CodedError, SERVER_TIME } from '#kernel';
import { problemsInValue } from '../emit/canonical.ts';
import { withDates } from '../emit/stored-value.ts';
import { streamHash } from '../streams/stream.ts';
import type { StreamRef } from '../streams/stream-source.ts';

/** What a reducer makes of a stream's first events. */
export interface StreamState<State> {
  readonly state: State;
  /** How many events it is made of. */
  readonly version: number;
  /** The chain's hash with the last of them; '' where there is none. */
  readonly hash: string;
  /** When the last of them was recorded, in milliseconds since the epoch. */
  readonly recordedAtMs: number;
}

/** The part of a reducer that a snapshot belongs to. */
export interface SnapshotOwner {
  readonly name: string;
  readonly schemaVersion: number;
}

/** A state kept, so that the events before it need not be read again. */
export interface Snapshot extends StreamState<unknown> {
  readonly schemaVersion: number;
}

const said = z.unknown().transform(withDates);

const snapshotDocument = z.object({
  schemaVersion: z.int(),
  version: z.int().min(1),
  hash: z.string(),
  recordedAt: said.pipe(z.date()),
  state: said,
});

/** Where a reducer's snapshot of a stream is: one, of the newest state that was kept. */
export function snapshotPath(stream: StreamRef, { name }: SnapshotOwner): string {
  return `snapshots/${streamHash(stream)}-${name}`;
}

/** A stored snapshot; undefined for anything that is not one. */
export function decodeSnapshot(data: DocumentData | undefined): Snapshot | undefined {
  const result = snapshotDocument.safeParse(data);
  if (!result.success) return undefined;
  const { recordedAt, ...rest } = result.data;
  return { ...rest, recordedAtMs: recordedAt.getTime() };
}

/** A snapshot's document. Throws `failed-precondition` for a state that would not come back as it is. */
export function encodeSnapshot(
  stream: StreamRef,
  { name, schemaVersion }: SnapshotOwner,
  { state, version, hash, recordedAtMs }: StreamState<unknown>,
): DocumentData {
  const problems = problemsInValue(state, 'state', 2);
  if (problems.length > 0) {
    throw new CodedError('failed-precondition', 'The state cannot be kept', problems);
  }
  const { orgId, entityType, entityId } = stream;
  return {
    orgId,
    entityType,
    entityId,
    reducer: name,
    schemaVersion,
    version,
    hash,
    recordedAt: new Date(recordedAtMs),
    // A copy: the state goes on to be used, and what it becomes is not what is kept.
    state: withDates(state),
    takenAt: SERVER_TIME,
  };
}

/** Whether a snapshot may take the place of the stored one: it never goes back, in either version. */
export function supersedes(
  snapshot: Pick<Snapshot, 'schemaVersion' | 'version'>,
  stored: Snapshot | undefined,
): boolean {
  if (stored === undefined || snapshot.schemaVersion > stored.schemaVersion) return true;
  return snapshot.schemaVersion === stored.schemaVersion && snapshot.version > stored.version;
}
