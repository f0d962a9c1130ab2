import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { PermanentError, RetryAfterError } from './handler.ts';
import { outcomeOfError } from './outcome.ts';

function messageOf(text: string): string {
  return outcomeOfError(new Error(text)).message;
}

describe('what a handler threw', () => {
  test.each([
    ['an error', new Error('no'), { kind: 'failure', code: 'error', message: 'no' }],
    ['a text', 'no', { kind: 'failure', code: 'error', message: 'no' }],
    ['nothing', undefined, { kind: 'failure', code: 'error', message: 'undefined' }],
    [
      'an error with a text code',
      Object.assign(new Error('no'), { code: 'ECONNRESET' }),
      { kind: 'failure', code: 'ECONNRESET', message: 'no' },
    ],
    [
      'an error with a number code',
      Object.assign(new Error('no'), { code: 14 }),
      { kind: 'failure', code: '14', message: 'no' },
    ],
    [
      'an error with some other code',
      Object.assign(new Error('no'), { code: {} }),
      { kind: 'failure', code: 'error', message: 'no' },
    ],
    [
      'a permanent error',
      new PermanentError('gone'),
      { kind: 'permanent', code: 'permanent', message: 'gone' },
    ],
    [
      'a permanent error with a code',
      new PermanentError('gone', { code: 'http-410' }),
      { kind: 'permanent', code: 'http-410', message: 'gone' },
    ],
    [
      'a wish for later',
      new RetryAfterError(5_000, 'busy'),
      { kind: 'retry-after', delayMs: 5_000, message: 'busy' },
    ],
    [
      'a wish for earlier',
      new RetryAfterError(-1, 'busy'),
      { kind: 'retry-after', delayMs: 0, message: 'busy' },
    ],
    [
      'a wish for parts of a millisecond',
      new RetryAfterError(0.5, 'busy'),
      { kind: 'retry-after', delayMs: 1, message: 'busy' },
    ],
  ])('%s', (_, thrown, outcome) => {
    expect(outcomeOfError(thrown)).toEqual(outcome);
  });

  test('keeps the causes of its own errors', () => {
    const cause = new Error('why');
    expect(new PermanentError('no', { cause }).cause).toBe(cause);
    expect(new RetryAfterError(1, 'no', { cause }).cause).toBe(cause);
  });
});

describe('an error’s text', () => {
  test.each([
    ['550 no mailbox ann@example.com here', '550 no mailbox <address> here'],
    ['<ann@example.com>: refused', '<<address>>: refused'],
    ['to=ann.o+x@mail.example.com,bob@example.org;', '<address>,<address>;'],
    ['"ann@example.com"', '"<address>"'],
    ["o'brien@example.com's box", "<address>'s box"],
    ['nobody at all', 'nobody at all'],
    ['a lone @ sign', 'a lone @ sign'],
  ])('names no address: %s', (text, cleaned) => {
    expect(messageOf(text)).toBe(cleaned);
  });

  test('never lets an address through, wherever it stands', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 1_500 }),
        fc.emailAddress(),
        fc.string(),
        (a, email, b) => {
          expect(messageOf(`${a} ${email} ${b}`)).not.toContain(email);
        },
      ),
    );
  });

  test('is cut at 1,000 characters, after the addresses were taken out', () => {
    expect(messageOf('x'.repeat(5_000))).toHaveLength(1_000);
    expect(messageOf(`${'x'.repeat(995)} ann@example.com`)).not.toContain('ann');
  });

  test('is never cut through a character', () => {
    const message = messageOf(`${'x'.repeat(999)}😀`);
    expect(message.isWellFormed()).toBe(true);
    expect(message.length).toBeLessThanOrEqual(1_000);
  });

  test('can be stored, whatever a sink answered', () => {
    expect(messageOf('half a character \uD83D').isWellFormed()).toBe(true);
    const odd = Object.assign(new Error('no'), { code: '\uD83D' });
    expect(outcomeOfError(odd)).toMatchObject({ code: '\uFFFD' });
  });

  test('is cleaned in no time, even if it is a megabyte without a space', () => {
    const before = performance.now();
    messageOf('x'.repeat(1_000_000));
    expect(performance.now() - before).toBeLessThan(1_000);
  });

  test('keeps addresses out of codes, too', () => {
    const thrown = [
      Object.assign(new Error('no'), { code: 'ann@example.com' }),
      new PermanentError('no', { code: 'ann@example.com' }),
    ];
    for (const error of thrown) expect(outcomeOfError(error)).toMatchObject({ code: '<address>' });
  });

  test('and codes are cut at 100 characters', () => {
    const outcome = outcomeOfError(new PermanentError('no', { code: 'x'.repeat(500) }));
    expect(outcome).toMatchObject({ code: 'x'.repeat(100) });
  });
});
