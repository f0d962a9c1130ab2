import { describe, expect, test } from '@jest/globals';
import type { EventQuery, RecordedEvent } from '#events';
import { anInvoiceEvent } from '../../events/testing/stored-event.ts';
import type { StepResult } from '../operation-kind.ts';
import { STARTED, state, subscriptions } from '../testing/replayables.ts';
import { replay } from './replay.ts';
import type { ReplayParams } from './replay-params.ts';

function recorded(version: number, eventType = 'invoice.sent'): RecordedEvent {
  const event = anInvoiceEvent({ eventType, streamVersion: version, payload: {} });
  return { ...event, recordedAt: STARTED, contentHash: 'x' };
}

const sent = recorded(1);
const paid = recorded(2, 'invoice.paid');

/** What a step answers, and what it asked for. */
async function step(
  params: Partial<ReplayParams> = {},
  { operationId = 'op1', limit = 200 } = {},
): Promise<StepResult & { readonly asked: EventQuery }> {
  const asked: EventQuery[] = [];
  const kind = replay({
    subscriptions,
    archives: { state: () => Promise.resolve({ state, readAtMs: 1 }) },
    events: {
      list: (query) => {
        asked.push(query);
        return Promise.resolve({ events: [sent, paid], nextCursor: 'c2' });
      },
      count: () => Promise.reject(new Error('Nothing is counted here.')),
    },
  });
  const result = await kind.step({
    operationId,
    params: { orgId: 'org1', subscriptions: ['mirror'], ...params },
    cursor: 'c1',
    limit,
    startedAt: STARTED,
    dryRun: false,
    time: { nowMs: () => STARTED.getTime() } as never,
    signal: new AbortController().signal,
  });
  return { ...result, asked: asked[0]! };
}

describe('events that are given to a subscription again', () => {
  test('have a job of the replay’s own each, in the bulk slots, that says what it is', async () => {
    const { jobs, ...counts } = await step();
    expect(jobs).toEqual([
      {
        jobType: 'mirror',
        orgId: 'org1',
        causeId: `${sent.eventId}~op1`,
        eventId: sent.eventId,
        eventType: 'invoice.sent',
        payload: { replay: true },
        priority: 'bulk',
        metadata: { correlationId: sent.metadata.correlationId },
      },
    ]);
    expect(counts).toMatchObject({ seen: 2, done: 1, skipped: { 'not-asked-for': 1 } });
    expect(counts).toMatchObject({ reads: 3, cursor: 'c2' });
  });

  test('have the same job when the step is made again, and another in another replay', async () => {
    const ids = async (operationId: string): Promise<unknown> =>
      (await step({}, { operationId })).jobs?.map(({ causeId }) => causeId);
    expect(await ids('op1')).toEqual(await ids('op1'));
    expect(await ids('op2')).not.toEqual(await ids('op1'));
  });

  test('stand in a line of this replay, beside the live one', async () => {
    const { jobs } = await step({ subscriptions: ['lined'] });
    expect(jobs).toMatchObject([
      { place: { orderingKey: expect.stringMatching(/^lined:\w+~op1$/), sequence: 1 } },
    ]);
  });

  test('are no more at a time than all their jobs fit a step', async () => {
    const two: ReplayParams['subscriptions'] = ['mirror', 'lined'];
    expect((await step({ subscriptions: two }, { limit: 5 })).asked.limit).toBe(2);
    expect((await step({ subscriptions: two }, { limit: 1 })).asked.limit).toBe(1);
  });
});

describe('which events are asked for', () => {
  test.each<[string, Partial<ReplayParams>, Partial<EventQuery>]>([
    ['all, oldest first', {}, { order: 'oldest', eventType: undefined, to: STARTED }],
    ['of one type', { eventTypes: ['invoice.sent'] }, { eventType: 'invoice.sent' }],
    ['of some types', { eventTypes: ['a.b', 'a.c'] }, { eventType: undefined }],
    ['of a request', { correlationId: 'r1' }, { correlationId: 'r1', order: undefined }],
    ['of an entity', { entityType: 'invoice', entityId: 'i1' }, { entityId: 'i1' }],
    ['before a time', { to: '2020-01-01T00:00:00Z' }, { to: new Date('2020-01-01T00:00:00Z') }],
    ['before it began', { to: '2040-01-01T00:00:00Z' }, { to: STARTED }],
  ])('%s', async (_, params, asked) => {
    expect((await step(params)).asked).toMatchObject({ ...asked, cursor: 'c1' });
  });

  test('others of the page are left out', async () => {
    const { done, skipped } = await step({ eventTypes: ['invoice.paid', 'invoice.voided'] });
    expect({ done, skipped }).toEqual({ done: 0, skipped: { 'not-asked-for': 2 } });
  });
});

describe('who may be given events again', () => {
  const { params: schema } = replay({ archives: {} as never, events: {} as never, subscriptions });
  const problemsOf = (params: object): unknown =>
    schema
      .safeParse({ orgId: 'org1', ...params })
      .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);

  test.each([
    [[], 'subscriptions: '],
    [['nobody'], 'subscriptions.0: expected one of mirror, lined, webhook, totals'],
    [['mirror', 'mirror'], 'subscriptions.1: said twice'],
    [['mirror', 'totals'], 'subscriptions.1: it would count the events again: rebuild it instead'],
    [['webhook'], 'subscriptions.0: what it sends would be sent again'],
  ])('not %j', (named, problem) => {
    expect(problemsOf({ subscriptions: named })).toEqual([expect.stringContaining(problem)]);
  });

  test('what leaves Firestore only where it is named twice, and never what counts', () => {
    const problems = (named: string[], ...again: string[]): unknown =>
      problemsOf({ subscriptions: named, sideEffects: again });
    expect(problems(['webhook'], 'webhook')).toBeUndefined();
    expect(problems(['mirror', 'webhook'], 'mirror')).toEqual([
      expect.stringContaining('subscriptions.1: what it sends would be sent again'),
    ]);
    expect(problems(['mirror'], 'mirror', 'webhook')).toEqual([
      'sideEffects.1: expected one of those that are asked for: mirror',
    ]);
    expect(problems(['totals'], 'totals')).toHaveLength(1);
  });
});
