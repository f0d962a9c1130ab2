import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { readCursor } from './read-cursor.ts';

const schema = z.object({ part: z.int().min(1) });

test('a cursor is read as it was left', () => {
  expect(readCursor(schema, JSON.stringify({ part: 2 }))).toEqual({ part: 2 });
});

test.each(['', 'of another', '{"part":0}', '{"line":3}', 'null'])(
  'a cursor of another operation, %j, is refused for good',
  (cursor) => {
    expect(() => readCursor(schema, cursor)).toThrow(
      expect.objectContaining({ code: 'bad-cursor' }),
    );
  },
);
