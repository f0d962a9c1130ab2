import { describe, expect, test } from '@jest/globals';
import { waitFor } from './wait-for.ts';

describe('waitFor', () => {
  test('resolves with the first answer that will do', async () => {
    let count = 0;
    const probe = (): Promise<number> => Promise.resolve((count += 1));
    const options = { what: 'three', timeoutMs: 1000, pollMs: 1 };
    await expect(waitFor(probe, (answer) => answer >= 3, options)).resolves.toBe(3);
  });

  test('takes a probe that throws for no answer yet, and tells of it in the end', async () => {
    const probe = (): Promise<never> => Promise.reject(new Error('connection refused'));
    const options = { what: 'the emulator', timeoutMs: 20, pollMs: 1 };
    await expect(waitFor(probe, () => true, options)).rejects.toThrow(
      'Waited 0.02 s in vain for the emulator: connection refused',
    );
  });

  test('tells what was seen last', async () => {
    const probe = (): Promise<number> => Promise.resolve(2);
    const options = { what: 'three', timeoutMs: 20, pollMs: 1, describe: String };
    await expect(waitFor(probe, (answer) => answer === 3, options)).rejects.toThrow(/three: 2$/);
  });
});
