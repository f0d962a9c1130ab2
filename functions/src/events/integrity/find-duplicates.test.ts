import { describe, expect, test } from '@jest/globals';
import { findDuplicates } from './find-duplicates.ts';
import type { ContentRow } from './integrity-source.ts';

/** An event that says `content`, so many seconds after the first. */
function said(content: string, seconds: number, more: Partial<ContentRow> = {}): ContentRow {
  return {
    id: `${content}@${seconds}`,
    recordedAt: { seconds: 1_893_456_000 + seconds, nanoseconds: 0 },
    contentHash: content.padEnd(64, '.'),
    correlationId: `request-${seconds}`,
    streamVersion: undefined,
    ...more,
  };
}

const found = (...rows: readonly ContentRow[]) =>
  findDuplicates([], rows).findings.map(({ eventId, found: what }) => [eventId, what]);

describe('a duplicate', () => {
  test('says the same as an event of the last ten minutes', () => {
    expect(found(said('a', 0), said('b', 1), said('a', 600))).toEqual([
      ['a@600', 'one that says the same as a@0, of another request'],
    ]);
    expect(found(said('a', 0), said('a', 601))).toEqual([]);
  });

  test('tells whether both came of one request', () => {
    const one = { correlationId: 'c1' };
    expect(found(said('a', 0, one), said('a', 0, { ...one, id: 'other' }))).toEqual([
      ['other', 'one that says the same as a@0, of the same request'],
    ]);
  });

  test('is held to the nearest that said so', () => {
    const ids = found(said('a', 0), said('a', 500), said('a', 1_000)).map(([, what]) => what);
    expect(ids).toEqual([
      'one that says the same as a@0, of another request',
      'one that says the same as a@500, of another request',
    ]);
  });

  test('is none of a stream, and nothing that is no event', () => {
    expect(found(said('a', 0), said('a', 1, { streamVersion: 1 }))).toEqual([]);
    const none = { contentHash: undefined };
    expect(found(said('a', 0, none), said('a', 1, none))).toEqual([]);
  });

  test('is found across pages', () => {
    const { recent } = findDuplicates([], [said('a', 0)]);
    expect(findDuplicates(recent, [said('a', 9)]).findings).toHaveLength(1);
  });
});

describe('what is remembered', () => {
  test('is bounded, and written in less than 70 KB', () => {
    const many = Array.from({ length: 2_000 }, (_, n) => said(`c${n}`, 0, { id: 'x'.repeat(40) }));
    const { recent } = findDuplicates([], many);
    expect(recent.map(({ content }) => content.replaceAll('.', ''))[499]).toBe('c1999');
    expect(recent).toHaveLength(500);
    expect(JSON.stringify(recent).length).toBeLessThan(70_000);
  });

  test('is nothing older than ten minutes', () => {
    const { recent } = findDuplicates([], [said('a', 0), said('b', 600), said('c', 601)]);
    expect(recent.map(({ eventId }) => eventId)).toEqual(['b@600', 'c@601']);
  });
});
