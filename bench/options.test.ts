import { describe, expect, test } from '@jest/globals';
import { parseOptions, UsageError } from './options.ts';

describe('options', () => {
  test('are none by default', () => {
    expect(parseOptions([])).toEqual({ isQuick: false, jsonPath: undefined, wantsHelp: false });
  });

  test('are what was said', () => {
    const options = parseOptions(['--quick', '--json', 'out.json']);
    expect(options).toEqual({ isQuick: true, jsonPath: 'out.json', wantsHelp: false });
  });

  test.each([['--fast'], ['emit'], ['--json']])('%s is an error with the usage', (...args) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
    expect(() => parseOptions(args)).toThrow('npm run bench -- [--quick] [--json <file>]');
  });
});
