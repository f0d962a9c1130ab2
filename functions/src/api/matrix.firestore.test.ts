import { beforeAll, describe, expect, test } from '@jest/globals';
import { cancelJob, outboxIdempotencyKeyForEvent, pauseJobs } from '#outbox';
import { backend, firestore } from '../composition/testing/backend.ts';
import { effectsOf } from '../composition/testing/effects.ts';
import type { World } from '../composition/testing/world.ts';
import { aWorld } from '../composition/testing/world.ts';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { ROUTES } from './routes.ts';
import type { Ask, Asked } from './testing/api.ts';
import { openApi } from './testing/api.ts';

/**
 * `none` has no token; zoe is an admin elsewhere; finn is in the matter that ben is in, and left the organization;
 * eve is a member outside that matter.
 */
const PEOPLE = ['none', 'expired', 'zoe', 'finn', 'eve', 'ben', 'ada', 'pia', 'ops'];

const EXPECTED = `
                 none  expired  zoe  finn  eve  ben  ada  pia  ops
postEvents       401   401      403  403   403  403  403  201  403
listEvents       401   401      403  403   404  200  200  403  200
getEvent         401   401      403  403   404  200  200  403  200
listJobsOfEvent  401   401      403  403   403  403  200  403  200
getCausation     401   401      403  403   404  200  200  403  200
getStream        401   401      403  403   404  200  200  403  200
getTimeline      401   401      403  403   404  200  200  403  200
listSchemas      401   401      403  403   200  200  200  200  200
getSchema        401   401      403  403   200  200  200  200  200
registerSchema   401   401      403  403   403  403  201  403  403
getStatistics    401   401      403  403   403  403  200  403  200
getHealth        401   401      403  403   403  403  403  403  200
getDiagnosis     401   401      403  403   403  403  403  403  200
getStats         401   401      403  403   403  403  403  403  200
listOrganizationStats 401 401   403  403   403  403  403  403  200
getMetrics       401   401      403  403   403  403  403  403  200
listAlerts       401   401      403  403   403  403  403  403  200
listJobs         401   401      403  403   403  403  403  403  200
listDeadLetters  401   401      403  403   403  403  403  403  200
getJob           401   401      403  403   403  403  403  403  200
retryJob         401   401      403  403   403  403  403  403  200
cancelJob        401   401      403  403   403  403  403  403  200
listBlockedStreams 401 401      403  403   403  403  403  403  200
listSubscriptions  401 401      403  403   403  403  403  403  200
getControls      401   401      403  403   403  403  403  403  200
pauseJobs        401   401      403  403   403  403  403  403  201
resumeJobs       401   401      403  403   403  403  403  403  200
startOperation   401   401      403  403   403  403  403  403  201
listOperations   401   401      403  403   403  403  403  403  200
getOperation     401   401      403  403   403  403  403  403  200
pauseOperation   401   401      403  403   403  403  403  403  200
resumeOperation  401   401      403  403   403  403  403  403  200
cancelOperation  401   401      403  403   403  403  403  403  200
scrapeMetrics    401   401      403  403   403  403  403  403  200
`;

type Call = readonly [method: string, path: string, asked?: Asked];

const schema = { type: 'object' };
const own = { type: 'custom.counted', description: 'Somebody counted.', schema };
const event = { eventType: 'custom.counted', entityType: 'counter', entityId: 'c1', payload: {} };

/** A call of each route that is right in all but who makes it. */
const calls: Readonly<Record<string, (world: World, eventId: string) => Call>> = {
  postEvents: () => ['POST', '/v1/events', { body: event }],
  listEvents: ({ matterId }) => ['GET', `/v1/events?matterId=${matterId}`],
  getEvent: (_, eventId) => ['GET', `/v1/events/${eventId}`],
  listJobsOfEvent: (_, eventId) => ['GET', `/v1/events/${eventId}/jobs`],
  getCausation: (_, eventId) => ['GET', `/v1/events/${eventId}/causation`],
  getStream: ({ commentId }) => ['GET', `/v1/streams/comment/${commentId}`],
  getTimeline: ({ matterId }) => ['GET', `/v1/timelines/matter/${matterId}`],
  listSchemas: () => ['GET', '/v1/schemas'],
  getSchema: () => ['GET', '/v1/schemas/custom.counted'],
  registerSchema: () => ['POST', '/v1/schemas', { body: { ...own, type: 'custom.more' } }],
  getStatistics: () => ['GET', '/v1/statistics'],
  getHealth: () => ['GET', '/v1/ops/health'],
  getDiagnosis: () => ['GET', '/v1/ops/doctor'],
  getStats: () => ['GET', '/v1/ops/stats'],
  listOrganizationStats: () => ['GET', '/v1/ops/stats/organizations'],
  getMetrics: () => ['GET', '/v1/ops/metrics'],
  listAlerts: () => ['GET', '/v1/ops/alerts'],
  listJobs: () => ['GET', '/v1/ops/jobs'],
  listDeadLetters: () => ['GET', '/v1/ops/dead-letters'],
  getJob: (_, eventId) => ['GET', `/v1/ops/jobs/${jobOf(eventId)}`],
  retryJob: () => ['POST', `/v1/ops/jobs/${jobOf(otherEventId)}/retry`, { body: { reason } }],
  cancelJob: (_, eventId) => [
    'POST',
    `/v1/ops/jobs/${jobOf(eventId)}/cancel`,
    { body: { reason } },
  ],
  listBlockedStreams: () => ['GET', '/v1/ops/streams/blocked'],
  listSubscriptions: () => ['GET', '/v1/ops/subscriptions'],
  getControls: () => ['GET', '/v1/ops/controls'],
  pauseJobs: () => ['POST', '/v1/ops/controls/pauses', { body: { jobType: 'notif', reason } }],
  resumeJobs: () => ['POST', '/v1/ops/controls/resume', { body: { jobType: 'email', reason } }],
  startOperation: () => ['POST', '/v1/ops/operations', { body: { ...redrive, reason } }],
  listOperations: () => ['GET', '/v1/ops/operations'],
  getOperation: () => ['GET', `/v1/ops/operations/${operationIds[0]}`],
  pauseOperation: () => changeOf(0, 'pause'),
  resumeOperation: () => changeOf(1, 'resume'),
  cancelOperation: () => changeOf(0, 'cancel'),
  scrapeMetrics: () => ['GET', '/metrics'],
};

const reason = 'Because.';
const redrive = { kind: 'redrive', params: { all: true } };

function changeOf(operation: number, verb: string): Call {
  return ['POST', `/v1/ops/operations/${operationIds[operation]}/${verb}`, { body: { reason } }];
}

function jobOf(eventId: string): string {
  return outboxIdempotencyKeyForEvent(world.orgId, eventId);
}

const [head = '', ...lines] = EXPECTED.trim().split('\n');
const cells = lines.flatMap((line) => {
  const [operationId = '', ...statuses] = line.trim().split(/\s+/);
  return PEOPLE.map((person, index) => [operationId, person, Number(statuses[index])] as const);
});

let world: World;
let ask: Ask;
let eventId: string;
/** Its job is cancelled. */
let otherEventId: string;
/** The second is paused. */
let operationIds: readonly string[];

beforeAll(async () => {
  await clearFirestore(firestore);
  world = await aWorld();
  ask = await openApi(world);
  const { orgId, matterId } = world;
  await backend.customTypes.register(orgId, own, { actorType: 'user', actorId: 'ada' });
  const page = await backend.events.list({ orgId, matterId, limit: 2 });
  [eventId, otherEventId] = page.events.map((found) => found.eventId) as [string, string];
  await cancelJob(backend.store, jobOf(otherEventId));
  await pauseJobs(backend.store, { jobType: 'email' }, { by: 'ops', reason });
  const start = () =>
    backend.operations.start({ ...redrive, by: 'ops', reason, correlationId: 'c1' });
  const [one, other] = [await start(), await start()];
  operationIds = [one.id, other.id];
  const after = { state: 'stopped', wanted: 'paused', step: 2 };
  await firestore.doc(`operations/${other.id}`).update(after);
});

async function unwatched<T>(act: () => Promise<T>) {
  return { written: new Map<string, unknown>(), answer: await act() };
}

describe('the matrix of who may what', () => {
  test('has every route, and every person', () => {
    expect(head.trim().split(/\s+/)).toEqual(PEOPLE);
    const inTable = [...new Set(cells.map(([operationId]) => operationId))];
    expect(inTable).toEqual(ROUTES.map(({ operationId }) => operationId));
    expect(Object.keys(calls)).toEqual(inTable);
  });

  test.each(cells)('%s by %s: %i', async (operationId, person, status) => {
    const [method, path, asked] = calls[operationId]!(world, eventId);
    const as = person === 'none' ? undefined : person;
    const act = () => ask(method, path, { ...asked, as });
    // What only reads has nothing to write with.
    const { written, answer } = await (method === 'GET' ? unwatched(act) : effectsOf(act));
    expect(answer.status).toBe(status);
    expect(written.size > 0).toBe(method === 'POST' && status < 300);
    // A stranger is told nothing else where there is no such organization at all.
    if (person !== 'zoe' && person !== 'finn') return;
    const nowhere = await ask(method, path, { ...asked, as, orgId: 'nowhere' });
    expect(nowhere.body).toEqual(answer.body);
  });
});
