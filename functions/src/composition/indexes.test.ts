import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import type { DocumentData, QueryShape } from '#kernel';
import { SERVER_TIME } from '#kernel';
import { productFiles } from './testing/source-files.ts';
import { fullEvent, fullJob, fullSnapshot } from './testing/written-fields.ts';

interface IndexField {
  readonly fieldPath: string;
  readonly order?: 'ASCENDING' | 'DESCENDING';
}

interface IndexFile {
  readonly indexes: readonly {
    readonly collectionGroup: string;
    readonly queryScope: string;
    readonly fields: readonly IndexField[];
  }[];
  readonly fieldOverrides: readonly {
    readonly collectionGroup: string;
    readonly fieldPath: string;
    readonly ttl?: boolean;
    readonly indexes: readonly { readonly queryScope: string }[];
  }[];
}

const indexPath = join(import.meta.dirname, '../../../firestore.indexes.json');
const { indexes, fieldOverrides } = JSON.parse(readFileSync(indexPath, 'utf8')) as IndexFile;
const files = productFiles();

/** Every export of every `queries.ts`, by its name. */
const declared = (
  await Promise.all(
    files
      .filter(({ path }) => path.endsWith('/queries.ts'))
      .map(async ({ absolutePath }) => {
        const module = (await import(pathToFileURL(absolutePath).href)) as Record<string, unknown>;
        return Object.entries(module);
      }),
  )
).flat();
const queries = declared as [string, QueryShape][];

/** `orgId+, timestamp-`: what a query needs and an index has, written alike. */
function neededBy({ collectionGroup, equals, contains, orderBy }: QueryShape): string {
  const order = orderBy === undefined ? [] : [`${orderBy[0]}${orderBy[1] === 'asc' ? '+' : '-'}`];
  const lists = contains === undefined ? [] : [`${contains}?`];
  const matched = [...equals.map((field) => `${field}+`), ...lists];
  return `${collectionGroup}: ${[...matched, ...order].join(', ')}`;
}

function givenBy({ collectionGroup, fields }: IndexFile['indexes'][number]): string {
  const written = fields.map(({ fieldPath, order }) =>
    order === undefined ? `${fieldPath}?` : `${fieldPath}${order === 'ASCENDING' ? '+' : '-'}`,
  );
  return `${collectionGroup}: ${written.join(', ')}`;
}

/** One field alone has an index of its own, unless it is exempt. */
function needsComposite({ equals, contains, orderBy }: QueryShape): boolean {
  return equals.length + [contains, orderBy].filter((part) => part !== undefined).length > 1;
}

describe('queries and indexes', () => {
  test('are declared as data in queries.ts, and nothing else is there', () => {
    expect(queries.length).toBeGreaterThan(3);
    for (const [, shape] of queries) {
      const { collectionGroup, equals } = shape;
      expect([typeof collectionGroup, Array.isArray(equals)]).toEqual(['string', true]);
    }
  });

  test('belong together: no query without its index and no index without its query', () => {
    const needed = queries
      .map(([, shape]) => shape)
      .filter(needsComposite)
      .map(neededBy);
    expect(indexes.map(givenBy).toSorted()).toEqual([...new Set(needed)].toSorted());
    expect(new Set(indexes.map(({ queryScope }) => queryScope))).toEqual(new Set(['COLLECTION']));
  });

  test('of one field ask for none that is exempt', () => {
    const exempt = fieldOverrides
      .filter((field) => field.indexes.length === 0)
      .map((field) => `${field.collectionGroup}: ${field.fieldPath}`);
    const asked = queries
      .filter(([, shape]) => !needsComposite(shape))
      .map(([, shape]) => neededBy(shape).slice(0, -1));
    for (const field of asked) expect(exempt).not.toContain(field);
  });

  test('of all collections of a name have an index of their one field that is of all, too', () => {
    const given = fieldOverrides
      .filter(({ indexes: ofField }) =>
        ofField.some(({ queryScope }) => queryScope === 'COLLECTION_GROUP'),
      )
      .map((field) => `${field.collectionGroup}: ${field.fieldPath}+`);
    const needed = queries
      .map(([, shape]) => shape)
      .filter(({ everywhere }) => everywhere === true);
    expect(needed.filter(needsComposite)).toEqual([]);
    expect(given).toEqual(needed.map(neededBy));
  });

  test('cannot be made anywhere else', () => {
    const makers = files.filter(({ text }) => /\.(where|orderBy|aggregate)\s*\(/.test(text));
    expect(makers.map(({ path }) => path)).toEqual([
      'kernel/firestore/query.ts',
      'kernel/firestore/reader.ts',
    ]);
    const shapers = files.filter(({ text }) => /\bcollectionGroup\s*[:,(]/.test(text));
    const elsewhere = shapers.filter(({ path }) => !path.endsWith('/queries.ts'));
    expect(elsewhere.map(({ path }) => path)).toEqual([
      'kernel/documents.ts',
      'kernel/firestore/query.ts',
    ]);
  });
});

/** What may be asked for by one field. Every other field written is exempt from single-field indexes. */
const askedFor: Readonly<Record<string, readonly string[]>> = {
  domain_events: [
    'eventId',
    'orgId',
    'eventType',
    'schemaVersion',
    'entityType',
    'entityId',
    'matterId',
    'streamVersion',
    'actor',
    'related',
    'jobTypes',
  ],
  outbox: [
    'id',
    'orgId',
    'jobType',
    'eventId',
    'eventType',
    'recipientUid',
    'status',
    'slot',
    'attempts',
    'crashes',
    'runs',
    'redrives',
    'maxAttempts',
    'orderingKey',
    'blocking',
    'pausedBy',
  ],
};

const rising = new Set([
  'payload',
  'metadata',
  'history',
  'contentHash',
  'previousHash',
  'lastError',
]);

function isTime(value: unknown): boolean {
  if (value === SERVER_TIME || value instanceof Date) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(isTime);
}

describe.each<readonly [string, DocumentData]>([
  ['domain_events', fullEvent()],
  ['outbox', fullJob()],
])('single-field indexes of %s', (collection, document) => {
  const exempt = fieldOverrides
    .filter((field) => field.collectionGroup === collection && field.indexes.length === 0)
    .map(({ fieldPath }) => fieldPath);

  test('are decided on for every field that is written, and for no other', () => {
    const decided = [...exempt, ...askedFor[collection]!];
    expect(decided.toSorted()).toEqual(Object.keys(document).toSorted());
  });

  test('leave out every time, lease, payload, history, hash, error and metadata', () => {
    const capping = Object.entries(document)
      .filter(([name, value]) => isTime(value) || rising.has(name))
      .map(([name]) => name);
    expect(capping.length).toBeGreaterThan(4);
    expect(exempt).toEqual(expect.arrayContaining(capping));
  });
});

test('of a snapshot nothing is indexed but what it is of', () => {
  const exempt = fieldOverrides
    .filter(({ collectionGroup }) => collectionGroup === 'snapshots')
    .map(({ fieldPath }) => fieldPath);
  const whose = ['orgId', 'entityType', 'entityId', 'reducer', 'schemaVersion', 'version'];
  expect([...exempt, ...whose].toSorted()).toEqual(Object.keys(fullSnapshot()).toSorted());
});

test('Firestore deletes by itself only what can never be run again', () => {
  const expiring = fieldOverrides.filter(({ ttl }) => ttl === true);
  expect(
    expiring.map(({ collectionGroup, fieldPath }) => `${collectionGroup}.${fieldPath}`),
  ).toEqual([
    'commands.expireAt',
    'inbound_refused.expireAt',
    'inbox.expireAt',
    'outbox.expireAt',
    'outbox_metrics.expireAt',
    'rate_limits.expireAt',
  ]);
});
