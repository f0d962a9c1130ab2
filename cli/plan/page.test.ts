import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { runFake } from '../testing/fake-shell.ts';
import { POLICIES } from './outage.ts';

const page = readFileSync(new URL('../../docs/how-to/plan-capacity.md', import.meta.url), 'utf8');
const shown = [
  ...page.matchAll(/^```sh\nnpm run -s outbox -- ([^\n]+)\n```\n\n```text\n(.*?)^```$/gms),
].map(([, words = '', output = '']): [string, string] => [words, output]);

test('the page shows three loads and three outages', () => {
  expect(shown.map(([words]) => words)).toEqual([
    'plan --events 1',
    'plan --events 1000',
    'plan --events 100000',
    'plan outage --policy default',
    'plan outage --policy quick',
    'plan outage --policy webhook',
  ]);
});

test.each(shown)('docs/how-to/plan-capacity.md shows what `%s` prints', async (words, output) => {
  const fetch = () => Promise.reject(new Error('A plan asks nobody.'));
  const ran = await runFake(words.split(' '), { fetch, env: { OUTBOX_TOKEN: undefined } });
  expect([ran.exitCode, ran.err, ran.out]).toEqual([0, '', output]);
});

test('a policy by its numbers is the named one with those in place of its own', async () => {
  const fetch = () => Promise.reject(new Error('A plan asks nobody.'));
  const words =
    'plan outage --policy webhook --initial 1 --multiplier 3 --max 5.5 --attempts 4 --json';
  const { out } = await runFake(words.split(' '), { fetch });
  expect(JSON.parse(out)).toMatchObject({
    policy: {
      ...POLICIES['webhook'],
      initialMs: 1_000,
      multiplier: 3,
      maxMs: 5_500,
      maxAttempts: 4,
    },
    safeMs: 1_000 + 3_000 + 5_500,
  });
});

test.each([
  ['plan --events 0', /--events: expected a number from 0.001 to 100,000/],
  ['plan --largest-tenant 2', /--largest-tenant: expected/],
  ['plan outage --policy none', /policy/],
  ['plan outage --late -1', /--late: expected a number/],
  ['plan outage --late 0x10', /--late: expected a number from 0 to 86,400/],
  ['plan outage --attempts 2.5', /--attempts: expected a whole number from 1 to 100/],
  ['plan outage --initial 0', /--initial: expected a number from 0.001 to 86,400/],
])('`%s` says what is wrong and plans nothing', async (words, message) => {
  const fetch = () => Promise.reject(new Error('A plan asks nobody.'));
  const ran = await runFake(words.split(' '), { fetch });
  expect([ran.exitCode, ran.out]).toEqual([2, '']);
  expect(ran.err).toMatch(message);
});
