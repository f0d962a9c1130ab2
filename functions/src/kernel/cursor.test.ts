import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from './cursor.ts';

const place = z.tuple([z.int(), z.string()]);
const query = ['things', 'org1'];

test('a cursor leads back to its place, in its own query only', () => {
  const cursor = encodeCursor(query, [7, 'a']);
  expect(decodeCursor(query, cursor, place)).toEqual([7, 'a']);
  for (const other of [['things', 'org2'], ['others', 'org1'], ['thingsorg1'], []]) {
    expect(() => decodeCursor(other, cursor, place)).toThrow(/none of this query/);
  }
});

test.each([
  ['', 'nothing'],
  ['%%', 'no base64'],
  [Buffer.from('{"a":1}').toString('base64url'), 'no list'],
  [Buffer.from('[1,8,"a","0"]').toString('base64url'), 'a check that is wrong'],
  [`${encodeCursor(query, [7, 'a'])}=`, 'another spelling'],
  [encodeCursor(query, ['7', 'a']), 'a place of another kind'],
])('%s is no cursor: %s', (cursor) => {
  expect(() => decodeCursor(query, cursor, place)).toThrow(
    expect.objectContaining({ code: 'bad-cursor' }),
  );
});
