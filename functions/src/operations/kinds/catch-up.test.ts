import { describe, expect, test } from '@jest/globals';
import type { EventQuery, RecordedEvent } from '#events';
import { MINUTE_MS } from '#kernel';
import { pauseJobs, QUICK_RETRY_POLICY, resumeJobs } from '#outbox';
import { openMemoryOutbox } from '#outbox/memory';
import { anInvoiceEvent } from '../../events/testing/stored-event.ts';
import type { StepResult } from '../operation-kind.ts';
import { STARTED, state, subscriptions } from '../testing/replayables.ts';
import { catchUp } from './catch-up.ts';

function recorded(version: number, said: Partial<RecordedEvent> = {}): RecordedEvent {
  const event = anInvoiceEvent({ eventType: 'invoice.sent', streamVersion: version, payload: {} });
  return { ...event, recordedAt: STARTED, contentHash: 'x', jobTypes: ['notif'], ...said };
}

const sent = recorded(1);
const known = recorded(2, { jobTypes: ['notif', 'mirror', 'lined'] });
const paid = recorded(3, { eventType: 'invoice.paid' });

async function step(
  params: object = {},
  events: readonly RecordedEvent[] = [sent, known, paid],
): Promise<StepResult & { readonly asked: EventQuery }> {
  const asked: EventQuery[] = [];
  const kind = catchUp({
    subscriptions,
    archives: { state: () => Promise.resolve({ state, readAtMs: 1 }) },
    events: {
      list: (query) => {
        asked.push(query);
        return Promise.resolve({ events, nextCursor: 'c2' });
      },
      count: () => Promise.reject(new Error('Nothing is counted here.')),
    },
  });
  const result = await kind.step({
    operationId: 'op1',
    params: { orgId: 'org1', subscription: 'mirror', ...params },
    cursor: 'c1',
    limit: 200,
    startedAt: STARTED,
    dryRun: false,
    time: undefined as never,
    signal: new AbortController().signal,
  });
  return { ...result, asked: asked[0]! };
}

describe('events that were recorded before a subscription was there', () => {
  test('have the job that they would have had, in the bulk slots, and others none', async () => {
    const { jobs, asked, writes: _, ...counts } = await step();
    expect(jobs).toEqual([
      {
        jobType: 'mirror',
        orgId: 'org1',
        causeId: sent.eventId,
        eventId: sent.eventId,
        eventType: 'invoice.sent',
        payload: { catchUp: true },
        priority: 'bulk',
        place: undefined,
        metadata: { correlationId: sent.metadata.correlationId },
      },
    ]);
    expect(counts).toEqual({
      seen: 3,
      done: 1,
      skipped: { 'has-its-job': 1, 'not-asked-for': 1 },
      reads: 4,
      cursor: 'c2',
    });
    expect(asked).toMatchObject({ order: 'oldest', to: STARTED, cursor: 'c1', limit: 200 });
  });

  test('stand in the subscription’s own lines', async () => {
    const { jobs } = await step({ subscription: 'lined' });
    expect(jobs).toMatchObject([
      { place: { orderingKey: expect.stringMatching(/^lined:[0-9a-f]+$/), sequence: 1 } },
    ]);
  });

  test('of other types are left out', async () => {
    const { done, skipped } = await step({ eventTypes: ['invoice.voided', 'invoice.paid'] });
    expect({ done, skipped }).toEqual({ done: 0, skipped: { 'not-asked-for': 3 } });
  });
});

describe('an ordered subscription that is paused until it has caught up', () => {
  test('is given an entity’s events in their order, those that came meanwhile last', async () => {
    const handled: unknown[] = [];
    const outbox = openMemoryOutbox({
      handlers: [
        {
          kind: 'transactional',
          jobType: 'lined',
          policy: QUICK_RETRY_POLICY,
          ordered: { onDeadLetter: 'block' },
          handle: (job) => {
            handled.push(job.sequence);
            return Promise.resolve({ writes: [], jobs: [] });
          },
        },
      ],
    });
    const pause = await pauseJobs(
      outbox.store,
      { jobType: 'lined' },
      { by: 'ops', reason: 'New.' },
    );
    const lined = { subscription: 'lined' };
    // What is emitted live has the same place as what is caught up with.
    const [live] = (await step(lined, [recorded(4)])).jobs ?? [];
    outbox.record({ ...live!, priority: undefined });
    await outbox.tick();
    const old = [recorded(1), recorded(2), recorded(3)];
    for (const job of (await step(lined, old)).jobs ?? []) outbox.record(job);
    await outbox.tick();
    expect(handled).toEqual([]);
    await resumeJobs(outbox.store, pause);
    for (let minute = 0; minute < 5; minute += 1) {
      outbox.later(MINUTE_MS);
      await outbox.tick();
    }
    expect(handled).toEqual([1, 2, 3, 4]);
  });
});

describe('who may be caught up', () => {
  const { params: schema } = catchUp({ archives: {} as never, events: {} as never, subscriptions });

  test.each([
    [{ subscription: 'nobody' }, 'expected one of mirror, lined, webhook, totals'],
    [{ subscription: 'totals', sideEffects: ['totals'] }, 'rebuild it instead'],
    [{ subscription: 'webhook' }, 'name it in sideEffects too'],
  ])('not %j', (said, message) => {
    const { error } = schema.safeParse({ orgId: 'org1', ...said });
    expect(error?.issues).toMatchObject([
      { path: ['subscription'], message: expect.stringContaining(message) },
    ]);
  });

  test('with another named again, which would be taken for one that was meant', () => {
    const said = { orgId: 'org1', subscription: 'mirror', sideEffects: ['mirror', 'webhook'] };
    expect(schema.safeParse(said).error?.issues).toMatchObject([
      { path: ['sideEffects', 1], message: 'expected one of those that are asked for: mirror' },
    ]);
  });

  test('what leaves Firestore where that is said', () => {
    const said = { orgId: 'org1', subscription: 'webhook', sideEffects: ['webhook'] };
    expect(schema.safeParse(said).success).toBe(true);
  });
});
