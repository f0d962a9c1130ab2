import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  PermanentError,
  RefusedError,
  RetryAfterError,
  UnknownOutcomeError,
  UnroutableError,
} from './handler-errors.ts';
import { outcomeOfError } from './outcome.ts';

/** A local part as RFC 5321 quotes it. */
function quoted(local: string): string {
  return `"${local.replaceAll(/["\\]/g, '\\$&')}"`;
}

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
      'a refusal for now',
      new RefusedError('mailbox full', { code: 'smtp-452' }),
      { kind: 'refused', code: 'smtp-452', message: 'mailbox full' },
    ],
    [
      'that nobody knows',
      new UnknownOutcomeError('reset', { code: 'ECONNRESET' }),
      { kind: 'unknown', code: 'ECONNRESET', message: 'reset' },
    ],
    [
      'a wish for later',
      new RetryAfterError(5_000, 'busy'),
      { kind: 'retry-after', code: 'retry-after', delayMs: 5_000, message: 'busy' },
    ],
    [
      'a wish for earlier',
      new RetryAfterError(-1, 'busy'),
      { kind: 'retry-after', code: 'retry-after', delayMs: 0, message: 'busy' },
    ],
    [
      'something this code does not know',
      new UnroutableError('newer', { code: 'too-new' }),
      { kind: 'unroutable', code: 'too-new', message: 'newer' },
    ],
    [
      'a wish for parts of a millisecond',
      new RetryAfterError(0.5, 'busy'),
      { kind: 'retry-after', code: 'retry-after', delayMs: 1, message: 'busy' },
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
    ['to ada%40example.test here', 'to <address> here'],
    ['to ada%2540example.test here', 'to <address> here'],
    ['"ada lovelace"@example.test: refused', '<address>: refused'],
    ['<"ada \\"l\\" @home"@example.test>', '<<address>>'],
    ['{"to":"\\"ada lovelace\\"@example.test"}', '{"to":"\\<address>"}'],
    ['said "no" to "ada l"@example.test', 'said "no" to <address>'],
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

  test.each([
    ['Authorization: Bearer abc.def-1 refused', 'Authorization: Bearer <secret> refused'],
    ['{"authorization":"basic YWRhOmE="}', '{"authorization":"basic <secret>"}'],
    ['key SG.abc-1_.def-2 revoked', 'key SG.<secret> revoked'],
    ['no such key: sk_live_51Habc.', 'no such key: sk_live_<secret>.'],
    ['rk_test_a1 and whsec_b2', 'rk_test_<secret> and whsec_<secret>'],
    ['AIzaSyA-1_ is restricted', 'AIza<secret> is restricted'],
    ['GET /v1?api_key=a1&page=2', 'GET /v1?api_key=<secret>&page=2'],
    [
      'https://a.test/?page=2&Access_Token=a%20b failed',
      'https://a.test/?page=2&Access_Token=<secret> failed',
    ],
    ['redis://a.test?password=a,b;c#d', 'redis://a.test?password=<secret>'],
    ['next=%2F%3Ftoken%3Dabc', 'next=%2F%3Ftoken%3D<secret>'],
    ['the key of this event', 'the key of this event'],
    ['the bearer', 'the bearer'],
  ])('names no secret: %s', (text, cleaned) => {
    expect(messageOf(text)).toBe(cleaned);
  });

  const base64url = (length: number) => fc.stringMatching(new RegExp(`^[\\w-]{${length},60}$`));
  const address = fc.emailAddress();
  const secrets: [string, fc.Arbitrary<[said: string, secret: string]>][] = [
    ['percent-encoded address', address.map((a) => [encodeURIComponent(a), encodeURIComponent(a)])],
    [
      'address with a quoted local part',
      fc
        .tuple(fc.string({ maxLength: 30 }), fc.domain())
        .map(([local, domain]) => [`${quoted(local)}@${domain}`, `${quoted(local)}@${domain}`]),
    ],
    ['bearer token', base64url(8).map((token) => [`Bearer ${token}`, token])],
    [
      'basic credentials',
      fc.string({ minLength: 6 }).map((text) => {
        const encoded = Buffer.from(text).toString('base64');
        return [`Authorization: Basic ${encoded}`, encoded];
      }),
    ],
    [
      'SendGrid key',
      fc.tuple(base64url(22), base64url(43)).map(([a, b]) => [`SG.${a}.${b}`, `${a}.${b}`]),
    ],
    [
      'Stripe key',
      fc
        .tuple(
          fc.constantFrom('sk_live_', 'sk_test_', 'rk_live_', 'pk_live_', 'whsec_'),
          fc.stringMatching(/^[A-Za-z0-9]{16,60}$/),
        )
        .map(([prefix, rest]) => [`${prefix}${rest}`, rest]),
    ],
    [
      'value in a URL',
      fc
        .tuple(
          fc.constantFrom('key', 'api_key', 'token', 'accessToken', 'password', 'X-Auth-Token'),
          fc.string({ unit: 'grapheme', minLength: 8 }),
        )
        .map(([name, value]) => {
          const encoded = `${encodeURIComponent(value)}0`;
          return [`https://a.test/b?${name}=${encoded}&c=d`, encoded];
        }),
    ],
  ];

  test.each(secrets)('never lets a %s through, wherever it stands', (_, arbitrary) => {
    fc.assert(
      fc.property(fc.string(), arbitrary, fc.string(), (before, [said, secret], after) => {
        fc.pre(!before.includes(secret) && !after.includes(secret));
        expect(messageOf(`${before} ${said} ${after}`)).not.toContain(secret);
      }),
      { numRuns: 500 },
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

  const parts = [
    'x',
    '"',
    '\\"',
    '"x',
    '%',
    '%25',
    '%40',
    '@',
    'SG.',
    'Bearer ',
    'key',
    'key=',
    ' ',
  ];
  test.each([...parts, 'sk_live_', 'AIza', 'Bearer', 'token%3D', '&key=x', '"\\', 'a@', '"@'])(
    'is cleaned in no time, even if it is a megabyte of %j',
    (part) => {
      const before = performance.now();
      messageOf(part.repeat(1_000_000 / part.length));
      expect(performance.now() - before).toBeLessThan(5_000);
    },
  );

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
