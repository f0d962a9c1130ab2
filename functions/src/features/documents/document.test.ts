import { describe, expect, test } from '@jest/globals';
import { contentType, fileName, isStoragePath, sizeBytes } from './document.ts';

const PREFIX = 'orgs/org1/matters/m1/documents/';
const isOurs = (path: string) => isStoragePath(path, 'org1', 'm1');

describe('a file of a matter is kept', () => {
  test.each(['contract.pdf', 'u1/contract.pdf', 'Ünïcode (2).pdf', '...', 'a.b/.hidden', '💡'])(
    'under its prefix: %s',
    (path) => expect(isOurs(PREFIX + path)).toBe(true),
  );

  test.each([
    ['nowhere', ''],
    ['at the prefix itself', PREFIX],
    ['in the prefix without its end', PREFIX.slice(0, -1)],
    ['in another organization', 'orgs/org2/matters/m1/documents/a'],
    ['in another matter', 'orgs/org1/matters/m2/documents/a'],
    ['in a matter whose id begins alike', 'orgs/org1/matters/m12/documents/a'],
    ['beside the documents', 'orgs/org1/matters/m1/a'],
    ['above, by a way out', `${PREFIX}../../m2/documents/a`],
    ['here, by a way that leads nowhere', `${PREFIX}./a`],
    ['under a step without a name', `${PREFIX}a//b`],
    ['in a folder', `${PREFIX}a/`],
    ['from the root', `/${PREFIX}a`],
    ['under a backslash', `${PREFIX}..\\a`],
    ['in two lines', `${PREFIX}a\nb`],
    ['in a bucket', `gs://bucket/${PREFIX}a`],
    ['under too long a name', `${PREFIX}${'ü'.repeat(500)}`],
  ])('not %s', (_, path) => expect(isOurs(path)).toBe(false));

  test('under a name of as many bytes as Storage takes', () => {
    const room = 1_024 - PREFIX.length;
    expect(isOurs(PREFIX + 'x'.repeat(room))).toBe(true);
    expect(isOurs(PREFIX + 'x'.repeat(room + 1))).toBe(false);
  });
});

test.each(['application/pdf', 'image/svg+xml', 'application/vnd.ms-excel', 'text/x-c'])(
  '%s is a content type',
  (type) => expect(contentType.safeParse(type).success).toBe(true),
);

test.each([
  'pdf',
  '/',
  'application/',
  '/pdf',
  'a/b/c',
  'Application/PDF',
  'text/plain; charset=utf-8',
  'text/html\n',
  `text/${'x'.repeat(128)}`,
])('%p is none', (type) => expect(contentType.safeParse(type).success).toBe(false));

test.each(['', ' ', '.', '..', 'a/b', 'a\\b', 'a\nb', 'x'.repeat(256)])('%p is no name', (name) =>
  expect(fileName.safeParse(name).success).toBe(false),
);

test('a file may be empty, and as large as Storage takes', () => {
  for (const size of [0, 5 * 2 ** 40]) expect(sizeBytes.safeParse(size).success).toBe(true);
  for (const size of [-1, 0.5, 5 * 2 ** 40 + 1]) {
    expect(sizeBytes.safeParse(size).success).toBe(false);
  }
});
