import type { DocumentData, DocumentWrite, TimePosition, WriteTime } from '#kernel';
import { CodedError } from '#kernel';
import type { StreamHead } from '../streams/stream.ts';
import type { Row } from '../integrity/stored-row.ts';
import type { ArchivedLine } from './part.ts';

/** Where it is counted what is in the archive only, by organization. */
export const ARCHIVES = 'archives';

/** Why no read model can be made anew: so many events are in the archive only. */
export function missingInRebuild(events: number): CodedError {
  const message = `${events} events are in the archive only, and would be missing in it: restore them, then rebuild.`;
  return new CodedError('archived', message);
}

/** An event as it is stored, and as the archive keeps it. */
export interface StoredEvent {
  readonly row: Row;
  readonly place: TimePosition;
  readonly line: ArchivedLine;
  readonly writtenAt: WriteTime;
}

/** What of an organization's log is in the archive only, counted by every commit that archives or restores. */
export interface ArchiveState {
  readonly events: number;
  /** How many have ever left for it, and are back or not. */
  readonly archived: number;
  /** The document itself, so that of two that archive or restore at once one begins its step again. */
  readonly writtenAt: WriteTime;
}

/** What archiving and restoring read of a database. */
export interface ArchiveSource {
  /** Undefined before the first archive. `readAtMs`: the server's time, in milliseconds since the epoch. */
  readonly state: (
    orgId: string,
  ) => Promise<{ readonly state: ArchiveState | undefined; readonly readAtMs: number }>;
  /** Events recorded before a time, oldest first. */
  readonly eventsBefore: (part: {
    readonly orgId: string;
    readonly beforeMs: number;
    readonly after: TimePosition | undefined;
    readonly limit: number;
  }) => Promise<readonly StoredEvent[]>;
  /** How many events were recorded before a time. */
  readonly countBefore: (orgId: string, beforeMs: number) => Promise<number>;
  /** Those of the events that have a job that was not sent, and how many rows were read for it. */
  readonly withUnsentJobs: (
    eventIds: readonly string[],
  ) => Promise<{ readonly eventIds: ReadonlySet<string>; readonly reads: number }>;
  /** The heads in these documents; those without one are left out. */
  readonly heads: (paths: readonly string[]) => Promise<ReadonlyMap<string, StreamHead>>;
  /** Fields of these documents; those that are not there are left out. */
  readonly documents: (paths: readonly string[]) => Promise<ReadonlyMap<string, DocumentData>>;
  /** The events with these ids as the archive would keep them; those that are not there are left out. */
  readonly lines: (ids: readonly string[]) => Promise<ReadonlyMap<string, ArchivedLine>>;
  /** The last versions of a stream that are there, one after another, up to `throughVersion`: how many they are. */
  readonly runUpTo: (hash: string, throughVersion: number) => Promise<number>;
  /** An archived event made out as a stored one is. Throws for fields that are none. */
  readonly rowOf: (line: ArchivedLine) => Row;
  /** What puts an archived event back as it was. */
  readonly restoring: (line: ArchivedLine) => DocumentWrite;
}
