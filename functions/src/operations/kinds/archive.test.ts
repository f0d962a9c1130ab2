import { expect, test } from '@jest/globals';
import { CodedError, DAY_MS } from '#kernel';
import { archive } from './archive.ts';

const NOW = 1_893_456_000_000;
const params = { orgId: 'org1' };

function kindOf(storage: () => never): ReturnType<typeof archive> {
  const source = {
    state: () => Promise.resolve({ state: undefined, readAtMs: NOW }),
    countBefore: (_: string, beforeMs: number) => Promise.resolve((NOW - beforeMs) / DAY_MS),
  } as never;
  const deps = { source, storage, headPathOf: () => '', reducersOf: () => [] };
  return archive({ ...deps, afterDays: 90, leastDays: 7 });
}

test('without anywhere to write it is refused before it begins', async () => {
  const { estimate } = kindOf(() => {
    throw new CodedError('invalid-setting', 'ARCHIVE_BUCKET is not set.');
  });
  await expect(estimate(params)).rejects.toMatchObject({ code: 'invalid-setting' });
});

test('with it, it says how many events are old enough', async () => {
  expect(await kindOf(() => ({}) as never).estimate(params)).toBe(90);
});
