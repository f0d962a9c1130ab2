import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { productFiles } from '../../functions/src/composition/testing/source-files.ts';
import { problemsInInput } from '../../functions/src/events/emit/event-input.ts';
import { aNote } from '../../functions/src/events/testing/an-event.ts';
import { ROOT_DIR } from '../../tools/paths.ts';
import { CLOSED, documentCells } from './matrix.ts';

/** `matters/m1/comments/c1` is of the collection `comments`. */
function collectionOf(documentPath: string): string {
  return documentPath.split('/').at(-2) ?? '';
}

const open = new Set(documentCells.map(({ row }) => collectionOf(row)));
const closed = new Set(CLOSED.map((path) => path.split('/').at(-1) ?? ''));

/** How the code names a collection: in a path, as a constant, or in a declared query. */
const NAMES = [
  /[`'"}/]([a-z_]+)\/(?:\$\{|\{)/g,
  /[`'"]([a-z_]+)\/[a-z_]+[`'"]/g,
  /\}\/([a-z_]+)[`/]/g,
  /\b[A-Z_]+ = '([a-z_]+)'/g,
  /collectionGroup: '(\w+)'/g,
  /collection(?:Group)?\('([^']+)'/g,
];

/** What looks alike and is none: job types, a tenant, a cursor, and parts of other texts. */
const OTHERS = new Set([
  'email',
  'operation',
  'audit',
  '_platform',
  'begun',
  'headers',
  'exports',
  'application',
  'text',
]);

const named = productFiles().flatMap(({ text, path }) =>
  NAMES.flatMap((pattern) => [...text.matchAll(pattern)]).map(([, name = '']) => [name, path]),
);

test('every collection that the code names has its row in the matrix', () => {
  const names = new Set(named.map(([name]) => name));
  for (const name of ['outbox', 'domain_events', 'members', 'comments', 'payments', 'commands']) {
    expect(names).toContain(name);
  }
  const known = ([name = '']: string[]) => open.has(name) || closed.has(name) || OTHERS.has(name);
  expect(named.filter((entry) => !known(entry))).toEqual([]);
});

test('every collection that the rules open has its row, and no other has one', () => {
  const rules = readFileSync(join(ROOT_DIR, 'firestore.rules'), 'utf8');
  const opened = [...rules.matchAll(/match \/(\w+)\/\{\w+\} \{/g)].map(([, name]) => name);
  expect(new Set(opened)).toEqual(open);
});

/** What features keep of their own entities: their documents may be the heads of streams. */
const ENTITIES = new Set(
  `orgs members clients matters tasks documents comments invoices payments orders fulfillments
  shipments calls consents never_heard_of replies`.split(/\s+/),
);

test('no collection but the entities’ own can have the head of a stream', () => {
  const names = [...open, ...closed];
  const refused = names.filter((name) => {
    const stream = { expectedVersion: 0, headPath: `${name}/a` };
    return problemsInInput({ ...aNote(), stream }).some(({ path }) => path === 'stream.headPath');
  });
  expect(new Set(refused)).toEqual(new Set(names.filter((name) => !ENTITIES.has(name))));
});
