import { describe, expect, test } from '@jest/globals';
import { parseOptions } from './cli.ts';

describe('parseOptions', () => {
  test('leaves the defaults to the command', () => {
    expect(parseOptions([])).toEqual({
      tickEveryMs: undefined,
      hasTick: true,
      hasTrigger: true,
      isVerbose: false,
      wantsHelp: false,
    });
  });

  test.each([
    ['500ms', 500],
    ['5s', 5000],
    ['2m', 120_000],
  ])('--tick %s', (value, tickEveryMs) => {
    expect(parseOptions(['--tick', value]).tickEveryMs).toBe(tickEveryMs);
  });

  test('switches the tick or the trigger off', () => {
    expect(parseOptions(['--no-tick']).hasTick).toBe(false);
    expect(parseOptions(['--no-trigger']).hasTrigger).toBe(false);
  });

  test.each([
    [['--tick', 'soon'], '--tick soon is not a time'],
    [['--tick', '0s'], '--tick 0s is not a time'],
    [['--tick', '5s', '--no-tick'], 'contradict'],
    [['--no-tick', '--no-trigger'], 'nothing would ever be delivered'],
    [['--fast'], '--fast'],
    [['now'], 'now'],
  ])('refuses %j by name', (args, message) => {
    expect(() => parseOptions(args)).toThrow(message);
  });
});
