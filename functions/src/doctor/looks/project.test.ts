import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { NeededIndexes } from '../checks/indexes.ts';
import type { GoogleStub, StubAnswer } from '../testing/google-stub.ts';
import { aRefusal, startGoogleStub } from '../testing/google-stub.ts';
import { lookAtProject } from './project.ts';

let stub: GoogleStub;

beforeAll(async () => {
  stub = await startGoogleStub();
});
afterAll(() => stub.close());

const NOW_MS = Date.UTC(2030, 0, 1, 12);
const GROUPS = '/v1/projects/p1/databases/(default)/collectionGroups/-';
const NAMES = 'projects/p1/databases/(default)/collectionGroups';
const JOBS = '/v1/projects/p1/locations/us-central1/jobs';
const SECRET = '/v1/projects/p1/secrets/KEY/versions/latest';

const indexes: NeededIndexes = {
  indexes: [
    {
      collection: 'outbox',
      scope: 'COLLECTION',
      fields: [
        { fieldPath: 'slot', order: 'ASCENDING' },
        { fieldPath: 'nextAttemptAt', order: 'ASCENDING' },
      ],
    },
    {
      collection: 'domain_events',
      scope: 'COLLECTION',
      fields: [
        { fieldPath: 'related', arrayConfig: 'CONTAINS' },
        { fieldPath: 'timestamp', order: 'DESCENDING' },
      ],
    },
  ],
  fields: [
    { collection: 'outbox', path: 'lease.at', scopes: [], hasTtl: false },
    { collection: 'outbox', path: 'expireAt', scopes: [], hasTtl: true },
    {
      collection: 'members',
      path: 'uid',
      scopes: ['COLLECTION', 'COLLECTION_GROUP'],
      hasTtl: false,
    },
  ],
};

function deployedIndex(collection: string, state: string, fields: readonly object[]): object {
  const name = `${NAMES}/${collection}/indexes/CICAgJ`;
  return { name, queryScope: 'COLLECTION', state, apiScope: 'ANY_API', fields };
}

function deployedField(collection: string, path: string, more: object): object {
  return { name: `${NAMES}/${collection}/fields/${path}`, ...more };
}

const due = [
  { fieldPath: 'slot', order: 'ASCENDING' },
  { fieldPath: 'nextAttemptAt', order: 'ASCENDING' },
  { fieldPath: '__name__', order: 'ASCENDING' },
];
const related = [
  { fieldPath: 'related', arrayConfig: 'CONTAINS' },
  { fieldPath: 'timestamp', order: 'DESCENDING' },
  { fieldPath: '__name__', order: 'DESCENDING' },
];
const lease = deployedField('outbox', '`lease`.`at`', { indexConfig: {} });
const expireAt = deployedField('outbox', 'expireAt', {
  indexConfig: {},
  ttlConfig: { state: 'ACTIVE' },
});
const scoped = (queryScope: string): object => ({ queryScope, state: 'READY', fields: [] });
const uid = deployedField('members', 'uid', {
  indexConfig: { indexes: [scoped('COLLECTION'), scoped('COLLECTION_GROUP')] },
});
const byDefault = deployedField('__default__', '*', {
  indexConfig: { indexes: [scoped('COLLECTION')] },
});

/** A job of Cloud Scheduler, a minute after it was called. */
function aJob(said: object = {}): object {
  return {
    name: 'projects/p1/locations/us-central1/jobs/firebase-schedule-tick-us-central1',
    schedule: '*/2 * * * *',
    timeZone: 'Etc/UTC',
    state: 'ENABLED',
    status: {},
    lastAttemptTime: '2030-01-01T11:59:00.123456Z',
    ...said,
  };
}

/** As it should be. */
const WELL: Readonly<Record<string, StubAnswer>> = {
  [`${GROUPS}/indexes`]: {
    indexes: [deployedIndex('outbox', 'READY', due)],
    nextPageToken: 't2',
  },
  [`${GROUPS}/indexes#t2`]: { indexes: [deployedIndex('domain_events', 'READY', related)] },
  [`${GROUPS}/fields`]: { fields: [byDefault, lease, expireAt, uid] },
  [JOBS]: { jobs: [aJob()] },
  [SECRET]: { name: 'projects/1/secrets/KEY/versions/3', state: 'ENABLED', etag: 'x' },
};

const everyTwoMinutes = (afterMs: number): number => afterMs - (afterMs % 120_000) + 120_000;

/** What each look answers, by its name. */
async function diagnose(said: Readonly<Record<string, StubAnswer>>) {
  stub.answers = { ...WELL, ...said };
  const looks = lookAtProject({
    google: stub.google,
    projectId: 'p1',
    databaseId: '(default)',
    region: 'us-central1',
    indexes,
    secrets: ['KEY'],
    scheduled: [
      {
        functionName: 'tick',
        schedule: '*/2 * * * *',
        timeZone: 'Etc/UTC',
        nextMs: everyTwoMinutes,
      },
    ],
    readServerTimeMs: () => Promise.resolve(NOW_MS),
  });
  const { signal } = new AbortController();
  const ends = await Promise.all(looks.map(async ({ name, make }) => [name, await make(signal)]));
  return Object.fromEntries(ends) as Record<string, Awaited<ReturnType<(typeof looks)[0]['make']>>>;
}

test('a project that is as it should be has no findings', async () => {
  expect(await diagnose({})).toEqual({ indexes: [], secrets: [], schedules: [] });
});

const only = (index: object): StubAnswer => ({ indexes: [index] });
const dueText = 'outbox (slot ↑, nextAttemptAt ↑)';
const relatedText = 'domain_events (related ∋, timestamp ↓)';
const twoIndexes = (state: string): StubAnswer => ({
  indexes: [deployedIndex('outbox', state, due), deployedIndex('domain_events', 'READY', related)],
});
const fields = (...some: readonly object[]): StubAnswer => ({ fields: some });

test.each<[string, string, StubAnswer, readonly [code: string, where: string, todo: RegExp][]]>([
  [
    'an index that is missing',
    'indexes',
    only(deployedIndex('outbox', 'READY', due)),
    [['index-missing', relatedText, /--only firestore:indexes/]],
  ],
  [
    'an index in another order',
    'indexes',
    {
      indexes: [
        deployedIndex('outbox', 'READY', due.toReversed().slice(1)),
        deployedIndex('domain_events', 'READY', related),
      ],
    },
    [['index-missing', dueText, /deploy/]],
  ],
  [
    'an index in the making',
    'indexes',
    twoIndexes('CREATING'),
    [['index-not-ready', dueText, /wait/]],
  ],
  [
    'an index that could not be made',
    'indexes',
    twoIndexes('NEEDS_REPAIR'),
    [['index-not-ready', dueText, /Delete it/]],
  ],
  [
    'a field that is indexed by itself though it should not be',
    'fields',
    fields(expireAt, uid),
    [['field-indexed', 'outbox.lease.at', /deploy/]],
  ],
  [
    'a field that is not indexed over all collections of a name',
    'fields',
    fields(lease, expireAt),
    [['index-missing', 'members.uid', /deploy/]],
  ],
  [
    'a policy that is missing',
    'fields',
    fields(lease, uid, deployedField('outbox', 'expireAt', { indexConfig: {} })),
    [['ttl-missing', 'outbox.expireAt', /deploy/]],
  ],
  [
    'a policy in the making',
    'fields',
    fields(
      lease,
      uid,
      deployedField('outbox', 'expireAt', { indexConfig: {}, ttlConfig: { state: 'CREATING' } }),
    ),
    [['ttl-missing', 'outbox.expireAt', /wait/]],
  ],
  [
    'a policy that deletes what this code keeps',
    'fields',
    fields(
      lease,
      uid,
      expireAt,
      deployedField('domain_events', 'timestamp', { ttlConfig: { state: 'ACTIVE' } }),
    ),
    [['ttl-unknown', 'domain_events.timestamp', /delete it/]],
  ],
])('%s is found', async (_, list, answer, expected) => {
  const { indexes: found } = await diagnose({ [`${GROUPS}/${list}`]: answer });
  expect(found).toEqual(
    expected.map(([code, where, whatToDo]) =>
      expect.objectContaining({ code, where, whatToDo: expect.stringMatching(whatToDo) }),
    ),
  );
});

test.each<[string, StubAnswer, string | undefined]>([
  ['is not there', [404, { error: { code: 404, status: 'NOT_FOUND' } }], 'secret-missing'],
  ['was disabled', { name: 'n', state: 'DISABLED' }, 'secret-missing'],
  ['was destroyed', { name: 'n', state: 'DESTROYED' }, 'secret-missing'],
])('a secret whose newest version %s is found, by its name', async (_, answer, code) => {
  const { secrets } = await diagnose({ [SECRET]: answer });
  expect(secrets).toEqual([expect.objectContaining({ code, where: 'KEY', severity: 'error' })]);
});

const id = 'firebase-schedule-tick-us-central1';

test.each<[string, StubAnswer, string]>([
  ['nobody made', {}, 'schedule-missing'],
  ['another function has', { jobs: [aJob({ name: 'x/jobs/other' })] }, 'schedule-missing'],
  ['somebody paused', { jobs: [aJob({ state: 'PAUSED' })] }, 'schedule-off'],
  ['somebody changed', { jobs: [aJob({ schedule: '0 3 * * *' })] }, 'schedule-differs'],
  ['is of another time zone', { jobs: [aJob({ timeZone: 'Europe/Berlin' })] }, 'schedule-differs'],
  [
    'stands still',
    { jobs: [aJob({ lastAttemptTime: '2030-01-01T11:56:00Z' })] },
    'schedule-stands',
  ],
  ['calls in vain', { jobs: [aJob({ status: { code: 13 } })] }, 'schedule-failed'],
])('a schedule that %s is found', async (_, answer, code) => {
  const { schedules } = await diagnose({ [JOBS]: answer });
  expect(schedules).toEqual([expect.objectContaining({ code, where: id })]);
});

test('a schedule that has not called yet is none that stands still', async () => {
  const { schedules } = await diagnose({
    [JOBS]: { jobs: [aJob({ lastAttemptTime: undefined })] },
  });
  expect(schedules).toEqual([]);
});

test.each([
  ['indexes', `${GROUPS}/indexes`, 'roles/datastore.viewer'],
  ['indexes', `${GROUPS}/fields`, 'roles/datastore.viewer'],
  ['secrets', SECRET, 'roles/secretmanager.viewer'],
  ['schedules', JOBS, 'roles/cloudscheduler.viewer'],
])('%s that may not be looked at at %s are said to be unseen', async (name, path, role) => {
  const ends = await diagnose({ [path]: aRefusal(403, 'PERMISSION_DENIED') });
  expect(ends[name]).toMatchObject({ kind: 'unseen', whatToDo: expect.stringContaining(role) });
  const others = Object.keys(ends).filter((other) => other !== name);
  expect(others.map((other) => ends[other])).toEqual([[], []]);
});

test('without a project nobody is asked, and every look says that it was not made, and why', async () => {
  const unseen = { kind: 'unseen', why: 'It is the emulator.', whatToDo: 'Deploy it.' } as const;
  const looks = lookAtProject(unseen);
  const { signal } = new AbortController();
  const ends = await Promise.all(looks.map(({ make }) => make(signal)));
  expect(looks.map(({ name }) => name)).toEqual(['indexes', 'secrets', 'schedules']);
  expect(ends).toEqual([unseen, unseen, unseen]);
});
