import { beforeEach, describe, expect, test } from '@jest/globals';
import { placeInStream } from '#events';
import type { OutboxJob, OutboxStore } from '#outbox';
import { createMemoryOutboxStore, MemoryDocuments } from '#outbox/memory';
import type { Audited } from '../../../audit/index.ts';
import { createRow } from '../../../outbox/record/record-job.ts';
import { aJob, aRunningJob, T0 } from '../../../outbox/testing/factories.ts';
import type { ApiDeps } from '../../ports.ts';
import { retryJob } from './change-job.ts';

const entity = { orgId: 'org1', entityType: 'invoice', entityId: 'invoice1' };
const event = { ...entity, eventId: 'e2', streamVersion: 2 };
const place = placeInStream('mail', entity, event.streamVersion);
const jobId = 'mail:org1:e2';
/** It stood in its line, and gave up its place. */
const cancelled = aJob({ id: jobId, eventId: 'e2', status: 'cancelled', nextAttemptAt: undefined });

/** Every action that was asked for. */
let actions: string[];

const audited: Audited = (change, make) => {
  actions.push(change.action);
  return make();
};

beforeEach(() => {
  actions = [];
});

/** Asks for `cancelled` to be sent round again. */
function aBench(
  said: {
    others?: readonly OutboxJob[];
    ordered?: 'block' | undefined;
    event?: object | undefined;
  } = {},
) {
  const { others = [] } = said;
  const ordered = 'ordered' in said ? said.ordered : 'block';
  const documents = new MemoryDocuments(() => T0);
  documents.commit([cancelled, ...others].map((job) => ({ write: createRow(job) })));
  const store: OutboxStore = createMemoryOutboxStore(documents);
  const api = {
    ops: { store, audited, subscriptions: [{ id: 'mail', ordered }] },
    events: { get: () => Promise.resolve('event' in said ? said.event : event) },
  } as unknown as ApiDeps;
  const visit = { caller: { uid: 'ops' }, role: 'operator', correlationId: 'c1' } as never;
  const retry = (body: object) =>
    retryJob.handle(api, visit, {
      params: { jobId },
      query: {},
      body: { reason: 'Again.', ...body },
      idempotencyKey: undefined,
    });
  const row = async () => (await store.readRows([jobId])).rows[0];
  return { retry, row };
}

describe('a job that gave up its place in a line', () => {
  test('is not sent round out of turn, and whoever asks is told what to say', async () => {
    const { retry, row } = aBench();
    await expect(retry({})).rejects.toMatchObject({
      code: 'gave-up-its-place',
      message: expect.stringContaining('"regainPlace": true'),
    });
    expect(await row()).toMatchObject({ job: { status: 'cancelled' } });
  });

  test('gets the place that its event says, where that is asked for by name', async () => {
    const { retry, row } = aBench();
    await expect(retry({ regainPlace: true })).resolves.toMatchObject({ status: 200 });
    expect(await row()).toMatchObject({ job: { status: 'pending', ...place } });
    expect(actions).toEqual(['job.regain-place']);
  });

  test('waits for a later one that is being run', async () => {
    const running = aRunningJob({ ...place, id: 'mail:org1:e3', sequence: 3 });
    const { retry } = aBench({ others: [running] });
    await expect(retry({ regainPlace: true })).rejects.toMatchObject({ code: 'line-is-busy' });
  });

  test('whose event is not there is refused: nobody knows its place', async () => {
    const { retry, row } = aBench({ event: undefined });
    await expect(retry({ regainPlace: true })).rejects.toMatchObject({ code: 'event-missing' });
    expect(await row()).toMatchObject({ job: { status: 'cancelled' } });
  });
});

test.each([
  ['of a subscription that keeps no order', { ordered: undefined }],
  ['of an event in no stream', { event: { ...event, streamVersion: undefined } }],
])('a job %s has no place to give up', async (_, said) => {
  const { retry, row } = aBench(said);
  await expect(retry({})).resolves.toMatchObject({ status: 200 });
  expect(await row()).toMatchObject({ job: { status: 'pending' } });
});
