import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { WHAT_TO_DO } from './finding.ts';

const page = new URL('../../../../docs/how-to/verify-integrity.md', import.meta.url);

test('every kind of finding is told of in the page on verifying', () => {
  const text = readFileSync(page, 'utf8');
  const kinds = [...text.matchAll(/^\| `([a-z-]+)` +\|/gm)].map(([, kind]) => kind);
  expect(kinds.shift()).toBe('kind');
  expect(kinds).toEqual(Object.keys(WHAT_TO_DO));
});
