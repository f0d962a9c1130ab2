import { CodedError } from '#kernel';
import { chainHash } from '../emit/content-hash.ts';
import type { StreamHead } from './stream.ts';
import { defaultHeadPath, MAX_VERSION, readHead, streamHash } from './stream.ts';
import { StreamArchivedError, StreamBrokenError } from './stream-errors.ts';
import type { StreamEvent, StreamRef, StreamSource } from './stream-source.ts';
import { decodeStreamEvent } from './stream-source.ts';

/** Which part of a stream; all of it where nothing is said. */
export interface StreamRange {
  /** The first version, from 1. */
  readonly fromVersion?: number | undefined;
  /** The last version; the stream may have fewer. */
  readonly toVersion?: number | undefined;
  /** Leaves out what was recorded later than this. */
  readonly at?: Date | undefined;
}

/** A part of a stream whose head is known. */
export interface StreamPart {
  readonly stream: StreamRef;
  readonly head: StreamHead;
  readonly fromVersion: number;
  /** At most the head's. */
  readonly throughVersion: number;
  readonly throughMs: number;
  /** The chain's hash before the first version, where it is known. */
  readonly chain?: string | undefined;
}

/**
 * A stream's events in version order, read page by page as they are asked for: as the stream is when
 * the first of them is. Each is held to the one before it (no version is left out, the hash chain goes
 * on) and the last to the head.
 * Throws `StreamArchivedError` where the first of them are in the archive, and `StreamBrokenError`
 * where the stream is not what was written; never answers silently less.
 */
export async function* loadStream(
  source: StreamSource,
  stream: StreamRef,
  range: StreamRange = {},
): AsyncGenerator<StreamEvent, void> {
  const { fromVersion = 1, toVersion = MAX_VERSION, at } = range;
  checkVersion('fromVersion', fromVersion, 1);
  checkVersion('toVersion', toVersion, 0);
  const throughMs = at === undefined ? Infinity : timeOf(at);
  const head = await requireHead(source, stream);
  const throughVersion = Math.min(toVersion, head.version);
  yield* readPart(source, { stream, head, fromVersion, throughVersion, throughMs });
}

/** A version of a stream as a caller says it; throws `invalid-input` for what can be none. */
export function checkVersion(path: string, version: number, least: number): void {
  if (Number.isInteger(version) && version >= least && version <= MAX_VERSION) return;
  const message = `expected a whole number from ${least} to ${MAX_VERSION}`;
  throw new CodedError('invalid-input', 'The stream cannot be read', [{ path, message }]);
}

/** Milliseconds since the epoch of a time as a caller says it; throws `invalid-input` for none. */
export function timeOf(at: Date): number {
  const ms = at.getTime();
  if (!Number.isNaN(ms)) return ms;
  const problem = { path: 'at', message: 'invalid date' };
  throw new CodedError('invalid-input', 'The stream cannot be read', [problem]);
}

/** The stream's head. A stream without one has no events, or the caller has not said where it is. */
export async function requireHead(source: StreamSource, stream: StreamRef): Promise<StreamHead> {
  const head = await readHeadOf(source, stream);
  if (head.version > 0) return head;
  const strays = await source.page(streamHash(stream), 1, MAX_VERSION);
  if (strays.length === 0) return head;
  // They may have come since; then their head came with them.
  const later = await readHeadOf(source, stream);
  if (later.version > 0) return later;
  throw new StreamBrokenError(1, 'there are events, but no head where it was looked for');
}

async function readHeadOf(source: StreamSource, stream: StreamRef): Promise<StreamHead> {
  return readHead(await source.read(headPathOf(stream)));
}

/** The document that has a stream's head. */
export function headPathOf(stream: StreamRef): string {
  return stream.headPath ?? defaultHeadPath(streamHash(stream));
}

/** The events of a part, checked; see `loadStream`. */
export async function* readPart(
  source: StreamSource,
  part: StreamPart,
): AsyncGenerator<StreamEvent, void> {
  const { stream, head, fromVersion, throughVersion, throughMs } = part;
  const hash = streamHash(stream);
  if (fromVersion <= throughVersion) refuseArchived(head, fromVersion);
  let { chain } = part;
  for (let next = fromVersion; next <= throughVersion;) {
    const rows = await source.page(hash, next, throughVersion);
    if (rows.length === 0) throw await missing(source, stream, next);
    for (const row of rows) {
      const event = decodeStreamEvent(source.decode, row);
      if (event === undefined) throw new StreamBrokenError(next, 'it is not an event');
      if (event.streamVersion !== next) throw await missing(source, stream, next);
      if (!follows(event, chain)) throw new StreamBrokenError(next, 'the hash chain is broken');
      if (event.recordedAtMs > throughMs) return;
      chain = hashThrough(event);
      yield event;
      next += 1;
    }
  }
  if (throughVersion === head.version) checkEnd(head, chain);
}

function checkEnd({ version, hash }: StreamHead, chain: string | undefined): void {
  if (chain === undefined || chain === hash) return;
  throw new StreamBrokenError(version, 'the hash chain does not end in the head’s');
}

/** The chain's hash up to and with an event. */
export function hashThrough(event: StreamEvent): string {
  return chainHash(event.previousHash ?? '', event.streamVersion, event.contentHash);
}

function follows({ streamVersion, previousHash }: StreamEvent, chain: string | undefined): boolean {
  if (streamVersion === 1) return previousHash === undefined;
  return previousHash !== undefined && (chain === undefined || previousHash === chain);
}

function refuseArchived({ archivedThrough = 0 }: StreamHead, fromVersion: number): void {
  if (fromVersion <= archivedThrough) throw new StreamArchivedError(archivedThrough);
}

/** Why an event is not there: it may have left for the archive since the head was read. */
async function missing(
  source: StreamSource,
  stream: StreamRef,
  version: number,
): Promise<StreamBrokenError> {
  refuseArchived(await readHeadOf(source, stream), version);
  return new StreamBrokenError(version, 'it is missing');
}
