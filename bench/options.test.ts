import { describe, expect, test } from '@jest/globals';
import { parseOptions, UsageError } from './options.ts';

describe('options', () => {
  test('are none by default', () => {
    expect(parseOptions([])).toEqual({
      isQuick: false,
      ofOperations: false,
      jsonPath: undefined,
      wantsHelp: false,
    });
  });

  test('are what was said', () => {
    expect(parseOptions(['--quick', '--operations', '--json', 'out.json'])).toEqual({
      isQuick: true,
      ofOperations: true,
      jsonPath: 'out.json',
      wantsHelp: false,
    });
  });

  test.each([['--fast'], ['emit'], ['--json']])('%s is an error with the usage', (...args) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
    expect(() => parseOptions(args)).toThrow(
      'npm run bench -- [--quick] [--operations] [--json <file>]',
    );
  });
});
