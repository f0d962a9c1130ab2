import type { DocumentData } from '#kernel';
import { isTimestamp } from '../emit/stored-value.ts';
import type { DomainEvent } from '../event.ts';

/** Which stream: the events of one entity. */
export interface StreamRef {
  readonly orgId: string;
  readonly entityType: string;
  readonly entityId: string;
  /** The document that has its head, where appending names one; default `streams/{hash}`. */
  readonly headPath?: string | undefined;
}

/** A stored event, as everybody reads it; undefined for anything that is not one. */
export type DecodeEvent = (data: unknown) => DomainEvent | undefined;

/** What loading a stream asks of a database. */
export interface StreamSource {
  /** A document's fields. */
  readonly read: (path: string) => Promise<DocumentData | undefined>;
  /**
   * The stored events of these versions, both inclusive, in order of their ids: as many of the first
   * ones as a page takes, and none only where there are none.
   */
  readonly page: (
    hash: string,
    fromVersion: number,
    throughVersion: number,
  ) => Promise<readonly DocumentData[]>;
  readonly decode: DecodeEvent;
}

/** An event of a stream. */
export interface StreamEvent extends DomainEvent {
  readonly streamVersion: number;
  /** When it was committed by the server's clock, in milliseconds since the epoch. */
  readonly recordedAtMs: number;
}

/** A stored event with its place in the stream; undefined for anything else. */
export function decodeStreamEvent(
  decode: DecodeEvent,
  data: DocumentData | undefined,
): StreamEvent | undefined {
  const event = decode(data);
  const timestamp = data?.['timestamp'];
  if (event?.streamVersion === undefined) return undefined;
  if (typeof timestamp !== 'object' || timestamp === null || !isTimestamp(timestamp)) {
    return undefined;
  }
  const { streamVersion } = event;
  return { ...event, streamVersion, recordedAtMs: timestamp.toMillis() };
}
