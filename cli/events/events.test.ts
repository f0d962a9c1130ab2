import { describe, expect, test } from '@jest/globals';
import { runStubbed } from '../testing/run-stubbed.ts';
import { sampleEvent, sampleJob, sampleNode } from '../testing/samples.ts';
import type { Call } from '../testing/stub-api.ts';
import type { AnyJob } from '../jobs/job.ts';
import type { Event } from './show-event.ts';

const org = { env: { OUTBOX_ORG: 'org1' } };

/** What a job of an event shows of itself. */
function jobOf(fields: Partial<AnyJob>): AnyJob {
  const { id, jobType, status, attempts, maxAttempts, redrives } = sampleJob(fields);
  const { failure, lastError, sentAt } = fields;
  return {
    id,
    jobType,
    status,
    attempts,
    maxAttempts,
    redrives,
    ...(failure && { failure }),
    ...(lastError && { lastError }),
    ...(sentAt !== undefined && { sentAt }),
  };
}

test('events are asked for by what was said, of the organization that was named', async () => {
  const words = ['events', '--entity-type', 'comment', '--entity-id', 'c1', '--to', '2030-01-02'];
  const body = { events: [sampleEvent({ streamVersion: 4 })] };
  const { out, calls } = await runStubbed(words, { listEvents: () => ({ body }) }, org);
  expect(calls[0]?.query).toEqual({
    entityType: 'comment',
    entityId: 'c1',
    to: '2030-01-02T00:00:00.000Z',
  });
  expect(calls[0]?.headers.get('x-org-id')).toBe('org1');
  expect(out).toContain('comment c1, version 4');
});

test('an event comes with its payload and its jobs', async () => {
  const jobs = [jobOf({ status: 'sent', sentAt: '2030-01-01T00:00:01.000Z' })];
  const replies = {
    getEvent: () => ({ body: sampleEvent({ payload: { body: 'Hello', hidden: '\u009B2J' } }) }),
    listJobsOfEvent: () => ({ body: { jobs, truncated: true } }),
  };
  const { out, err } = await runStubbed(['event', 'evt1'], replies, org);
  expect(out).toContain('"body": "Hello"');
  expect(out).not.toContain('\u009B');
  expect(out).toMatch(/email:org1:evt1:ben +sent +5\/5 +2030-01-01T00:00:01Z/);
  expect(err).toContain('more jobs');
});

test('a trace draws what led to what, each with its jobs', async () => {
  const roots = [
    sampleNode(
      { eventId: 'e1', eventType: 'order.created' },
      sampleNode(
        { eventId: 'e2', eventType: 'order.paid' },
        sampleNode({ eventId: 'e3', eventType: 'invoice.issued' }),
      ),
      sampleNode({ eventId: 'e4', eventType: 'order.noted' }),
    ),
  ];
  const failure = { reason: 'permanent', at: '2030-01-01T00:00:00.000Z' };
  const replies = {
    getCausation: () => ({ body: { roots, path: ['e1', 'e2'], truncated: false } }),
    listJobsOfEvent: ({ path }: Call) => {
      const eventId = path['eventId'] ?? '';
      const jobs = eventId === 'e2' ? [jobOf({ id: 'notif:e2', failure })] : [];
      return { body: { jobs, truncated: false } };
    },
  };
  const { exitCode, out } = await runStubbed(['trace', 'e2'], replies, org);
  expect(exitCode).toBe(0);
  expect(
    out
      .replaceAll('  comment c1', '')
      .replaceAll('  2030-01-01T00:00:00Z', '')
      .trimEnd()
      .split('\n'),
  ).toEqual([
    'order.created  e1',
    '├─ order.paid  e2  ← asked for',
    '│  ├─ ⚙ notif:e2  failed  permanent',
    '│  └─ invoice.issued  e3',
    '└─ order.noted  e4',
  ]);
  const json = await runStubbed(['trace', 'e2', '--json'], replies, org);
  expect(JSON.parse(json.out)).toMatchObject({ roots, jobs: { e1: [], e2: [{ id: 'notif:e2' }] } });
});

describe('tail', () => {
  const at = (second: number): string => `2030-01-01T00:00:${String(second).padStart(2, '0')}.000Z`;
  const event = (second: number, id = `e${second}`): Event =>
    sampleEvent({ eventId: id, recordedAt: at(second) });

  test('shows the last ones, then each new one once, also one that was committed late', async () => {
    const seconds = [
      [10, 11],
      [10, 11, 13],
      [10, 11, 12, 13],
      [10, 11, 12, 13],
    ];
    let asked = 0;
    const listEvents = ({ query }: Call) => {
      const events = (seconds[asked] ?? []).map((second) => event(second));
      asked += 1;
      const found = events.filter(({ recordedAt }) => recordedAt >= (query['from'] ?? ''));
      return { body: { events: query['order'] === 'oldest' ? found : found.toReversed() } };
    };
    const { exitCode, out, calls } = await runStubbed(
      ['tail', '--json', '--type', 'comment.added'],
      { listEvents },
      { ...org, interruptAfterWaits: 4 },
    );
    expect(exitCode).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as Event).eventId)).toEqual([
      'e10',
      'e11',
      'e13',
      'e12',
    ]);
    expect(calls.map(({ query }) => query['from'])).toEqual([undefined, at(6), at(8), at(8)]);
    expect(calls.map(({ query }) => query['eventType'])).not.toContain(undefined);
  });

  test('follows pages, and ends with Ctrl-C as asked for', async () => {
    const listEvents = ({ query }: Call) => {
      if (query['order'] === undefined) return { body: { events: [] } };
      if (query['cursor'] === undefined) return { body: { events: [event(1)], nextCursor: 'c' } };
      return { body: { events: [event(2)] } };
    };
    const { exitCode, out } = await runStubbed(
      ['tail'],
      { listEvents },
      { ...org, interruptAfterWaits: 2 },
    );
    expect(exitCode).toBe(0);
    expect(out.match(/e[12]$/gm)).toEqual(['e1', 'e2']);
  });
});
