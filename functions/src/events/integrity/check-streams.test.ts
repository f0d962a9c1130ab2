import { describe, expect, test } from '@jest/globals';
import { chainHash } from '../emit/content-hash.ts';
import { streamHash } from '../streams/stream.ts';
import { anInvoiceEvent } from '../testing/stored-event.ts';
import { checkEnd, checkStreams } from './check-streams.ts';
import type { Moment, OpenStream } from './integrity-state.ts';
import type { Row } from './stored-row.ts';

const hash = streamHash(anInvoiceEvent());
const HEAD = 'streams/head';

const second = (seconds: number): Moment => ({ seconds, nanoseconds: 0 });

/** An event of the stream, whose chain is right. */
function row(version: number, recordedAt: Moment | undefined, before = ''): Row {
  const link = before === '' ? {} : { previousHash: before };
  const event = anInvoiceEvent({ streamVersion: version, contentHash: `c${version}`, ...link });
  const place = { hash, version };
  return { id: event.eventId, event, place, recordedAt, payload: {}, findings: [] };
}

/** What is at a version, and is no event. */
function broken(version: number, recordedAt: Moment | undefined): Row {
  return { ...row(version, recordedAt), event: undefined };
}

const firstChain = chainHash('', 1, 'c1');

/** What two pages come to, the second of which goes on in the stream that the first one ended in. */
function inTwo(first: readonly Row[], next: readonly Row[]) {
  const headAt = () => ({ version: 3, hash: 'h', by: 't' });
  const deps = { headPathOf: () => HEAD, headAt };
  const one = checkStreams(null, first, deps);
  const two = checkStreams(one.stream, next, deps);
  const kinds = [...one.findings, ...two.findings].map(({ kind }) => kind);
  return { kinds, stream: two.stream! };
}

describe('behind a document that is no event, a stream', () => {
  test('is still held to the head that the events before it told of', () => {
    const { stream } = inTwo([row(1, second(1))], [broken(2, second(2))]);
    expect(stream).toMatchObject({ headPath: HEAD, version: 2, chain: null });
    const head = { version: 5, hash: 'h', by: 't' };
    expect(checkEnd(stream, head).map(({ kind }) => kind)).toEqual(['version-gap']);
  });

  test('is still held to the time of the last event that had one', () => {
    const third = row(3, second(4), firstChain);
    expect(inTwo([row(1, second(5))], [broken(2, undefined), third]).kinds).toEqual(['time-order']);
    const inOrder = row(3, second(5), firstChain);
    expect(inTwo([row(1, second(5))], [broken(2, undefined), inOrder]).kinds).toEqual([]);
  });

  test('has the time of that document, where it has one', () => {
    const third = row(3, second(6), firstChain);
    expect(inTwo([row(1, second(5))], [broken(2, second(7)), third]).kinds).toEqual(['time-order']);
  });
});

test('a stream of which no event could be read is held to no head: nobody knows where it is', () => {
  const { stream } = inTwo([], [broken(1, second(1))]);
  expect(stream.headPath).toBeNull();
  expect(checkEnd(stream, { version: 5, hash: 'h', by: 't' })).toEqual([]);
});

test('an open stream that another follows is held to its head', () => {
  const open: OpenStream = {
    hash: 'another',
    headPath: HEAD,
    version: 1,
    chain: 'x',
    recordedAt: null,
  };
  const headAt = () => ({ version: 0, hash: '', by: 't' });
  const { findings } = checkStreams(open, [row(1, second(1))], { headPathOf: () => HEAD, headAt });
  expect(findings.map(({ kind }) => kind)).toEqual(['stream-head']);
});
