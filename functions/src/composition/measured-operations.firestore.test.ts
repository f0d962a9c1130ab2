import { expect, jest, test } from '@jest/globals';
import { OPERATIONS } from '../../../cli/plan/operations.ts';
import { DEFAULT_SETTINGS } from './settings.ts';

test('what plans are made of is what the benchmark counts', async () => {
  for (const [name, value] of Object.entries(DEFAULT_SETTINGS)) process.env[name] = String(value);
  // The benchmark logs as it is deployed.
  jest.spyOn(console, 'info').mockReturnValue();
  process.env['PHONE_HASH_KEY'] = 'tests-hash-phone-numbers-with-this';
  const { countOperations } = await import('../../../bench/worker/count-operations.ts');
  const counted = Object.entries(await countOperations());
  const expected = Object.entries(OPERATIONS).map(([name, billed]) => [
    name,
    { ...billed, deletes: 0 },
  ]);
  expect(Object.fromEntries(counted)).toEqual(Object.fromEntries(expected));
});
