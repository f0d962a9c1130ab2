import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { runFake } from '../testing/fake-shell.ts';

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

test.each([
  ['plan --events 0', /--events: expected a number from 0.001 to 100,000/],
  ['plan --largest-tenant 2', /--largest-tenant: expected/],
  ['plan outage --policy none', /policy/],
  ['plan outage --late -1', /--late: expected a number/],
])('`%s` says what is wrong and plans nothing', async (words, message) => {
  const fetch = () => Promise.reject(new Error('A plan asks nobody.'));
  const ran = await runFake(words.split(' '), { fetch });
  expect([ran.exitCode, ran.out]).toEqual([2, '']);
  expect(ran.err).toMatch(message);
});
