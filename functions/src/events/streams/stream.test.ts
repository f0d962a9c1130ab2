import { describe, expect, test } from '@jest/globals';
import { codedErrorOf } from '../testing/failure.ts';
import { nextVersion, readHead, StreamConflictError, streamEventId, streamHash } from './stream.ts';

const at = (version: number) => ({ version, hash: 'h', by: 'token' });
const entity = { orgId: 'org1', entityType: 'invoice', entityId: 'i1' };

describe('the version of the next event', () => {
  test('is one more than the head’s, from 1', () => {
    expect(nextVersion(at(0), 0)).toBe(1);
    expect(nextVersion(at(7), 7)).toBe(8);
    expect(nextVersion(at(7), 'any')).toBe(8);
  });

  test.each([
    ['too low', 6],
    ['too high', 8],
  ])('is refused where the expected one is %s, with the actual one', async (_, expected) => {
    const error = await codedErrorOf(() => nextVersion(at(7), expected));
    expect(error).toBeInstanceOf(StreamConflictError);
    expect(error).toMatchObject({
      code: 'stream-conflict',
      expectedVersion: expected,
      actualVersion: 7,
    });
    expect(error.message).toContain('version 7');
  });

  test('is refused where nine digits are spent', async () => {
    expect(nextVersion(at(999_999_998), 'any')).toBe(999_999_999);
    expect(await codedErrorOf(() => nextVersion(at(999_999_999), 'any'))).toMatchObject({
      code: 'failed-precondition',
      message: 'The stream is full.',
    });
  });
});

describe('a stream’s events', () => {
  test('have ids of its hash and nine digits, so that they sort by version', () => {
    const hash = streamHash(entity);
    expect(streamEventId(hash, 1)).toMatch(/^[0-9a-f]{20}-000000001$/);
    const ids = [1, 2, 9, 10, 99, 100, 999_999_999].map((version) => streamEventId(hash, version));
    expect(ids.toSorted()).toEqual(ids);
  });

  test('have the same hash for ever', () => {
    expect(streamHash(entity)).toBe('b3d1e86ca1a8ec54787b');
  });

  test.each([{ orgId: 'org2' }, { entityType: 'order' }, { entityId: 'i2' }])(
    'have another hash with %p',
    (other) => {
      expect(streamHash({ ...entity, ...other })).not.toBe(streamHash(entity));
    },
  );
});

describe('a document’s head', () => {
  test('is its stream field', () => {
    const head = { ...at(3), archivedThrough: 2 };
    expect(readHead({ orgId: 'org1', stream: head })).toEqual(head);
  });

  test.each([undefined, {}, { stream: null }, { stream: 'x' }, { stream: { version: 1 } }])(
    'is empty in %p',
    (data) => {
      expect(readHead(data)).toEqual({ version: 0, hash: '', by: '' });
    },
  );
});
