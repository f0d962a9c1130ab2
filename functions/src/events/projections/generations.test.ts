import { expect, test } from '@jest/globals';
import { CodedError } from '#kernel';
import type { LogPage } from '../log/event-log-reader.ts';
import type { BeingBuilt } from './generations.ts';
import {
  decodeGenerations,
  firstGeneration,
  planReplay,
  withBuilding,
  withStop,
} from './generations.ts';
import { pathsOf } from '../testing/failure.ts';

const READ_AT_MS = 1_893_456_000_000;

/** A generation that follows the live events since a page that was read at this time. */
function following(throughMs: number): BeingBuilt {
  const begun = withBuilding(firstGeneration('a'), 'b');
  return { ...begun, building: { ...begun.building, phase: 'following', throughMs } };
}

/** A page that is not the last, whose last document was recorded at this time. */
function pageTo(ms: number): LogPage {
  const seconds = Math.floor(ms / 1_000);
  const last = { seconds, nanoseconds: (ms % 1_000) * 1_000_000, id: 'e' };
  return { events: [], last, isLast: false, readAtMs: READ_AT_MS };
}

test('a generation becomes the live one behind the time that all it lacked was written by, not at it', () => {
  const before = following(READ_AT_MS);
  const at = planReplay(before, before.building, pageTo(READ_AT_MS)).generations;
  expect([at.live, at.building?.phase]).toEqual(['1-a', 'following']);
  const after = planReplay(before, before.building, pageTo(READ_AT_MS + 1)).generations;
  expect([after.live, after.building, after.retired]).toEqual(['2-b', null, ['1-a']]);
});

test('generations of one number are two where they were begun apart', () => {
  expect(firstGeneration('a').live).not.toBe(firstGeneration('b').live);
  const names = ['c', 'd'].map((token) => withBuilding(firstGeneration('a'), token).building);
  expect(new Set(names.map(({ generation }) => generation)).size).toBe(2);
});

test('what stopped a generation is kept as a text that can be stored, of 1,000 characters at most', () => {
  const begun = withBuilding(firstGeneration('a'), 'b');
  const said = (message: string) =>
    withStop(begun, new CodedError('projection-failed', message), 0).building.stoppedBy?.message;
  expect(said('x'.repeat(1_001))).toBe('x'.repeat(1_000));
  expect(said(`${'x'.repeat(999)}\u{1F600}`)).toBe(`${'x'.repeat(999)}\uFFFD`);
});

test('a document that says something else is refused with the path of what is wrong', async () => {
  const damaged = { ...firstGeneration('a'), newest: 'one' };
  expect(await pathsOf(() => decodeGenerations(damaged))).toEqual(['newest']);
});
