import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Timestamp } from 'firebase-admin/firestore';
import { machineTimeMs } from '#kernel';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { buildDoctor } from './doctor.ts';
import { backend, firestore, logs } from './testing/backend.ts';

interface IndexFile {
  readonly indexes: readonly {
    readonly collectionGroup: string;
    readonly fields: readonly object[];
  }[];
  readonly fieldOverrides: readonly {
    readonly collectionGroup: string;
    readonly fieldPath: string;
    readonly ttl?: boolean;
    readonly indexes: readonly object[];
  }[];
}

const file = new URL('../../../firestore.indexes.json', import.meta.url);
const declared = JSON.parse(readFileSync(file, 'utf8')) as IndexFile;
const groups = ['projects', 'p1', 'databases', '(default)', 'collectionGroups'].join('/');

/** As Firestore answers once `firebase deploy --only firestore:indexes` is through. */
function deployed({ indexes, fieldOverrides }: IndexFile): Readonly<Record<string, object>> {
  return {
    indexes: {
      indexes: indexes.map(({ collectionGroup: group, fields, ...index }, n) => ({
        ...index,
        name: [groups, group, 'indexes', n].join('/'),
        state: 'READY',
        fields: [...fields, { fieldPath: '__name__', order: 'ASCENDING' }],
      })),
    },
    fields: {
      fields: fieldOverrides.map(({ collectionGroup: group, fieldPath, ttl, indexes: some }) => ({
        name: [groups, group, 'fields', fieldPath].join('/'),
        indexConfig: some.length === 0 ? {} : { indexes: some },
        ...(ttl === true ? { ttlConfig: { state: 'ACTIVE' } } : {}),
      })),
    },
  };
}

const schedule = { timeZone: 'Etc/UTC', state: 'ENABLED' };
const jobs = ['outboxProcessor', 'dailyMaintenance'].map((name) => ({
  ...schedule,
  name: ['projects', 'p1', 'jobs', `firebase-schedule-${name}-us-central1`].join('/'),
  schedule: name === 'outboxProcessor' ? '*/2 * * * *' : '0 3 * * *',
}));

let answers: Readonly<Record<string, object>>;

beforeEach(async () => {
  await clearFirestore(firestore);
  await firestore
    .doc('outbox_metrics/tick1')
    .set({ lastTickAt: Timestamp.fromMillis(machineTimeMs()) });
  await firestore
    .doc('orgs/_platform/members/olga')
    .set({ uid: 'olga', email: 'olga@example.test', role: 'admin' });
  answers = { ...deployed(declared), jobs: { jobs }, latest: { state: 'ENABLED' } };
  jest.spyOn(globalThis, 'fetch').mockImplementation((asked) => {
    const { pathname } = new URL(asked instanceof Request ? asked.url : asked);
    const body = answers[pathname.split('/').at(-1) ?? ''];
    return Promise.resolve(Response.json(body ?? {}, { status: body === undefined ? 404 : 200 }));
  });
});

afterEach(() => {
  jest.restoreAllMocks();
});

/** Of a doctor who was made after `fetch` was: no test asks Google. */
function diagnose() {
  const doctor = buildDoctor({
    backend,
    region: 'us-central1',
    logger: logs,
    surroundings: {
      isEmulator: false,
      missingParameters: [],
      nodeVersion: '24.1.0',
      service: 'api',
      project: {
        projectId: 'p1',
        accessToken: () => Promise.resolve('token1'),
        secrets: ['PHONE_HASH_KEY'],
        schedules: { outboxProcessor: '*/2 * * * *', dailyMaintenance: '0 3 * * *' },
      },
    },
  });
  return doctor();
}

test('a project that is deployed as the repository says lacks nothing but a provider of mail', async () => {
  const { findings, looks } = await diagnose();
  expect(findings.map(({ code, where }) => [code, where])).toEqual([
    ['setting-suspicious', 'EMAIL_PROVIDER'],
  ]);
  expect(looks.filter(({ looked }) => !looked)).toEqual([]);
  expect(looks.length).toBeGreaterThan(10);
});

test('every index and every field that is not deployed is found', async () => {
  answers = { ...answers, ...deployed({ indexes: [], fieldOverrides: [] }) };
  const { findings } = await diagnose();
  const countOf = (wanted: string) => findings.filter(({ code }) => code === wanted).length;
  const ttls = declared.fieldOverrides.filter(({ ttl }) => ttl === true);
  const indexed = declared.fieldOverrides.filter(({ indexes }) => indexes.length > 0);
  expect([countOf('index-missing'), countOf('field-indexed'), countOf('ttl-missing')]).toEqual([
    declared.indexes.length + indexed.length,
    declared.fieldOverrides.length - indexed.length,
    ttls.length,
  ]);
});
