import type { DomainEvent } from '../event.ts';
import { chainHash } from '../emit/content-hash.ts';
import type { StreamHead } from '../streams/stream.ts';
import { streamEventId } from '../streams/stream.ts';
import type { Finding } from './finding.ts';
import { finding } from './finding.ts';
import type { Moment, OpenStream } from './integrity-state.ts';
import type { Row } from './stored-row.ts';

/** The heads that were read at the moment of the page; an empty one where there is none. */
export type HeadAt = (path: string | null) => StreamHead;

/** What a page's streams came to. */
interface StreamsOfPage {
  readonly findings: readonly Finding[];
  /** The stream that goes on in the next page, or ends there. */
  readonly stream: OpenStream | null;
}

/**
 * Holds each event of a stream to the one before it, and the last to the head. Rows come in the order of
 * their ids, in which a stream's are together and in version order, so that one open stream is enough.
 */
export function checkStreams(
  open: OpenStream | null,
  rows: readonly Row[],
  {
    headPathOf,
    headAt,
  }: { readonly headPathOf: (event: DomainEvent) => string; readonly headAt: HeadAt },
): StreamsOfPage {
  const findings: Finding[] = [];
  let stream = open;
  for (const row of rows) {
    if (stream !== null && stream.hash !== row.place?.hash) {
      findings.push(...checkEnd(stream, headAt(stream.headPath)));
      stream = null;
    }
    if (row.place === undefined) continue;
    const headPath = row.event === undefined ? null : headPathOf(row.event);
    const before = stream ?? startOfStream(row.place.hash);
    const known = { ...before, headPath: headPath ?? before.headPath };
    findings.push(...checkGap(known, row.place.version, headAt));
    if (row.event !== undefined) findings.push(...checkNext(known, row, row.event));
    stream = goOn(known, row);
  }
  return { findings, stream };
}

/** What is wrong at the end of a stream: its last event is held to the head. */
export function checkEnd(stream: OpenStream, head: StreamHead): Finding[] {
  const { hash, headPath, version, chain } = stream;
  // No event of it could be read, which was said of each; so nobody knows where its head is.
  if (headPath === null) return [];
  const lastId = streamEventId(hash, version);
  if (head.version > version) return [gap(hash, version + 1, head.version)];
  if (head.version < version) {
    const found = head.version === 0 ? 'none' : `a head at version ${head.version}`;
    return [finding('stream-head', lastId, { expected: `a head at version ${version}`, found })];
  }
  if (chain === null || chain === head.hash) return [];
  const said = { expected: `a head with the chain’s hash ${chain}`, found: head.hash };
  return [finding('stream-head', lastId, said)];
}

function startOfStream(hash: string): OpenStream {
  return { hash, headPath: null, version: 0, chain: '', recordedAt: null };
}

function checkGap(
  { hash, headPath, version }: OpenStream,
  next: number,
  headAt: HeadAt,
): Finding[] {
  // Where the head is unknown, so is what was archived: the event that hides it is found already.
  if (next === version + 1 || headPath === null) return [];
  const { archivedThrough = 0 } = headAt(headPath);
  const first = Math.max(version, archivedThrough) + 1;
  return first < next ? [gap(hash, first, next - 1)] : [];
}

function gap(hash: string, first: number, last: number): Finding {
  const versions = first === last ? `version ${first}` : `versions ${first} to ${last}`;
  const said = { expected: `${versions} of the stream`, found: 'none' };
  return finding('version-gap', streamEventId(hash, first), said);
}

function checkNext(before: OpenStream, { recordedAt }: Row, event: DomainEvent): Finding[] {
  const { eventId, streamVersion, previousHash = '' } = event;
  const findings: Finding[] = [];
  const isNext = streamVersion === before.version + 1;
  const expected = isNext ? before.chain : null;
  const isLinked = expected === null ? previousHash !== '' : previousHash === expected;
  if (!isLinked) {
    const wanted = orNone(expected ?? 'a link to the event before');
    const said = { expected: wanted, found: orNone(previousHash) };
    findings.push(finding('hash-chain', eventId, said));
  }
  if (
    recordedAt !== undefined &&
    before.recordedAt !== null &&
    isEarlier(recordedAt, before.recordedAt)
  ) {
    const said = { expected: `${textOf(before.recordedAt)} or later`, found: textOf(recordedAt) };
    findings.push(finding('time-order', eventId, said));
  }
  return findings;
}

function orNone(hash: string): string {
  return hash === '' ? 'no link: the first event' : hash.slice(0, 100);
}

function goOn(before: OpenStream, { place, event, recordedAt }: Row): OpenStream {
  const version = place?.version ?? before.version;
  const chain =
    event === undefined ? null : chainHash(event.previousHash ?? '', version, event.contentHash);
  return {
    ...before,
    version,
    chain,
    recordedAt: recordedAt ?? before.recordedAt,
  };
}

function isEarlier(a: Moment, b: Moment): boolean {
  return a.seconds === b.seconds ? a.nanoseconds < b.nanoseconds : a.seconds < b.seconds;
}

/** `2030-01-01T00:00:00.123456Z` */
function textOf({ seconds, nanoseconds }: Moment): string {
  const micros = String(Math.floor(nanoseconds / 1_000)).padStart(6, '0');
  return `${new Date(seconds * 1_000).toISOString().slice(0, 19)}.${micros}Z`;
}
