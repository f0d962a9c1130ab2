import { describe, expect, test } from '@jest/globals';
import { readTime } from './page.ts';

describe('a time', () => {
  test.each([
    ['2026-11-22', '2026-11-22T00:00:00.000Z'],
    ['2026-11-22T01:05Z', '2026-11-22T01:05:00.000Z'],
    ['2026-11-22T01:05:06.789Z', '2026-11-22T01:05:06.789Z'],
    ['2026-11-22T01:05:00+02:00', '2026-11-21T23:05:00.000Z'],
  ])('%p is %p, whatever the zone of this machine', (text, time) => {
    expect(readTime(text)).toBe(time);
  });

  test.each([
    '5',
    '10',
    '2026',
    '2026-11',
    '2026-11-22 01:05',
    '2026-11-22T01:05',
    '2026-11-22T01:05:00',
    '2026-02-31',
    '2026-02-31T00:00Z',
    '2026-11-22T01:05ZT',
    '2026-11-22T25:05Z',
    'Nov 22 2026',
    'yesterday',
    '2w',
    '',
  ])('%p is none: it could mean something else', (text) => {
    expect(() => readTime(text)).toThrow('how long ago');
  });

  test('may be how long ago it was', () => {
    const agoMs = Date.parse(readTime('1d')) - Date.parse(readTime('3d'));
    expect(Math.round(agoMs / 86_400_000)).toBe(2);
  });
});
