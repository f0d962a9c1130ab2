import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../../', import.meta.url));
const TESTS = /\.test\.ts$|\/testing\//;
/** Where a line's text stands: beside its severity, or as an argument of what adds that. */
const MESSAGES = [
  /message(?::| =)(?: isOurs \?)?\s*['`]([a-z][^'`$]+)/g,
  / : '(request [a-z]+)'/g,
  /(?:failed|#warn|logged)\(\s*'([a-z][^']+)'/g,
];

/** The fixed part of every message that the backend logs, from where it is written. */
function messagesInCode(): Set<string> {
  const files = globSync('functions/src/**/*.ts', { cwd: root }).filter(
    (path) => !TESTS.test(path),
  );
  const texts = files.map((path) => readFileSync(`${root}${path}`, 'utf8'));
  const logging = texts.filter((text) => text.includes('severity: '));
  const found = logging.flatMap((text) => MESSAGES.flatMap((one) => [...text.matchAll(one)]));
  return new Set(found.map(([, message = '']) => message.trim()));
}

const page = readFileSync(`${root}docs/reference/logs.md`, 'utf8');
const onPage = [...page.matchAll(/^\| `([^`]+)`/gm)].map(([, message = '']) => message);

test('every message that is logged is on its page', () => {
  const messages = [...messagesInCode()];
  expect(messages.length).toBeGreaterThan(30);
  expect(messages.filter((one) => !onPage.some((shown) => shown.startsWith(one)))).toEqual([]);
});

test('the page has no message that nobody logs', () => {
  const messages = [...messagesInCode()];
  expect(onPage.length).toBeGreaterThan(30);
  expect(onPage.filter((shown) => !messages.some((one) => shown.startsWith(one)))).toEqual([]);
  expect(new Set(onPage).size).toBe(onPage.length);
});
