import { describe, expect, test } from '@jest/globals';
import { SERVER_TIME } from '#kernel';
import { storedBytes } from './document-size.ts';

// The examples and the table of https://firebase.google.com/docs/firestore/storage-size.
describe('a value takes the bytes Firestore says it takes', () => {
  test('the documented example: 71 for its fields, and 32', () => {
    const task = {
      type: 'Personal',
      done: false,
      priority: 1,
      description: 'Learn Cloud Firestore',
    };
    expect(storedBytes(task)).toBe(71 + 32);
  });

  test.each([
    ['', 1],
    ['tasks', 6],
    ['ü€', 2 + 3 + 1],
    [1, 8],
    [1.5, 8],
    [true, 1],
    [null, 1],
    [new Date(0), 8],
    [SERVER_TIME, 8],
    [[], 0],
    [[1, 'a', true], 8 + 2 + 1],
    [{}, 32],
    [{ done: true }, 6 + 32],
    [{ a: { b: [null] } }, 32 + 2 + 32 + 2 + 1],
    [{ left: undefined }, 32],
  ])('%p takes %d', (value, bytes) => {
    expect(storedBytes(value)).toBe(bytes);
  });
});
