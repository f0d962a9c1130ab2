import { beforeEach, describe, expect, test } from '@jest/globals';
import { initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import { DAY_MS, MINUTE_MS } from '#kernel';
import { pauseJobs, resumeJobs } from '#outbox';
import { aJob } from '../../outbox/testing/factories.ts';
import type { DomainEvent } from '../event.ts';
import { KeptReadModels } from '../testing/firestore-projections.ts';
import { ledger, totals } from '../testing/read-models.ts';
import { anInvoiceEvent } from '../testing/stored-event.ts';

const firestore = getFirestore(initializeApp());
const orgId = 'org1';
let kept: KeptReadModels;

beforeEach(async () => {
  kept = await KeptReadModels.open(firestore);
});

/** An invoice's events: it is sent over 1, 2, 3, … */
function stream(count: number): DomainEvent[] {
  return Array.from({ length: count }, (_, index) =>
    anInvoiceEvent({ streamVersion: index + 1, payload: { amountMinor: index + 1 } }),
  );
}

describe('a pause', () => {
  test('holds one read model back, and nothing is lost by it', async () => {
    const events = stream(3);
    await kept.record(events);
    const { store } = kept.engine;
    const asking = { by: 'operator1', reason: 'a look at it' };
    const pause = await pauseJobs(store, { jobType: 'ledger' }, asking);
    kept.engine.clock.advance(11_000);
    for (const event of events) await kept.jobs(event, totals, ledger);
    await kept.engine.tick();
    expect(await kept.projections.read(totals, { orgId, key: 'm1' })).toMatchObject({ sent: 3 });
    expect(await kept.projections.read(ledger, { orgId, key: 'i1' })).toBeUndefined();
    expect(await kept.projections.status(ledger, orgId)).toMatchObject({
      status: 'paused',
      waiting: 3,
    });
    await resumeJobs(store, pause);
    kept.engine.clock.advance(11_000);
    kept.engine.later(MINUTE_MS);
    await kept.engine.tick();
    await kept.engine.tick();
    expect(await kept.projections.read(ledger, { orgId, key: 'i1' })).toEqual({ lines: [1, 2, 3] });
  });
});

describe('the status', () => {
  test('of a read model that nothing waits for names its last event', async () => {
    const events = stream(3).map((event) => ({ ...event, jobTypes: ['ledger'] }));
    for (const event of events) await kept.record([event]);
    const { eventId } = events[2]!;
    const id = `ledger:${orgId}:${eventId}`;
    const job = await kept.engine.due({ id, jobType: 'ledger', eventId });
    expect(await kept.projections.status(ledger, orgId)).toMatchObject({
      waiting: 1,
      lastEvent: { eventId: events[1]!.eventId },
    });
    await kept.engine.tick();
    expect(await kept.engine.statuses([job])).toEqual(['sent']);
    expect(await kept.projections.status(ledger, orgId)).toMatchObject({
      status: 'live',
      generation: expect.stringMatching(/^1-/),
      building: null,
      waiting: 0,
      failed: 0,
      lagMs: 0,
      lastEvent: { eventId, eventType: 'invoice.sent' },
      lastError: undefined,
    });
  });

  test('after a rebuild counts no failure of an event that it has, and names the last one it has', async () => {
    const events = stream(2);
    await kept.record(events, new Date(kept.engine.startMs - 91 * DAY_MS));
    const { eventId } = events[1]!;
    const id = `totals:${orgId}:${eventId}`;
    const createdAt = kept.engine.startMs - 91 * DAY_MS;
    await kept.engine.due({ id, jobType: 'totals', eventId, createdAt });
    await kept.engine.tick();
    const before = await kept.projections.status(totals, orgId);
    expect(before).toMatchObject({ failed: 1, lastEvent: undefined });
    expect(before.lastError?.message).toContain('Rebuild it');
    await kept.projections.rebuild(totals, orgId);
    expect(await kept.projections.status(totals, orgId)).toMatchObject({
      failed: 0,
      lastError: undefined,
      lastEvent: { eventType: 'invoice.sent' },
    });
    const later = kept.engine.startMs + 60 * MINUTE_MS;
    const failure = { reason: 'permanent', at: later } as const;
    const lastError = { code: 'later', message: 'l', at: later };
    await kept.engine.put(
      aJob({
        jobType: 'totals',
        id: `${id}~r1`,
        status: 'failed',
        failure,
        lastError,
        nextAttemptAt: undefined,
      }),
    );
    expect(await kept.projections.status(totals, orgId)).toMatchObject({
      failed: 1,
      lastError: { code: 'later' },
    });
  });

  test('before anything was applied has no generation', async () => {
    const status = await kept.projections.status(ledger, orgId);
    expect(status).toMatchObject({ status: 'live', generation: undefined, building: null });
  });

  test('counts all that waits, however many dead letters there are', async () => {
    const job = { jobType: 'ledger', openedAt: kept.engine.startMs - 10 * MINUTE_MS };
    const failedAt = (n: number) => ({
      status: 'failed' as const,
      failure: { reason: 'permanent' as const, at: kept.engine.startMs + n },
      lastError: { code: `code${n}`, message: 'no', at: kept.engine.startMs + n },
    });
    // By their ids the dead letters come first.
    const failed = Array.from({ length: 205 }, (_, n) =>
      aJob({ ...job, id: `ledger:org1:a${n}`, ...failedAt(n), nextAttemptAt: undefined }),
    );
    await kept.engine.put(...failed);
    const waiting = Array.from({ length: 203 }, (_, n) =>
      aJob({ ...job, id: `ledger:org1:b${n}` }),
    );
    await kept.engine.put(...waiting);
    const status = await kept.projections.status(ledger, orgId);
    expect(status).toMatchObject({ waiting: 203, failed: 205, lastError: { code: 'code204' } });
    expect(status.lagMs).toBeGreaterThanOrEqual(10 * MINUTE_MS);
  });

  test('tells the age of the oldest job that waits, dead letters, and the newest error', async () => {
    const job = { jobType: 'ledger', openedAt: kept.engine.startMs - 10 * MINUTE_MS };
    const at = kept.engine.startMs;
    await kept.engine.due({
      ...job,
      id: 'ledger:org1:a',
      lastError: { code: 'old', message: 'o', at },
    });
    const failure = { reason: 'permanent', at } as const;
    const lastError = { code: 'new', message: 'n', at: at + 1 };
    const failed = { status: 'failed', failure, lastError } as const;
    await kept.engine.put({
      ...(await kept.engine.due({ ...job, id: 'ledger:org1:c' })),
      ...failed,
      id: 'ledger:org1:b',
    });
    await kept.engine.due({ ...job, jobType: 'totals', id: 'totals:org1:x' });
    const status = await kept.projections.status(ledger, orgId);
    expect(status).toMatchObject({
      waiting: 2,
      failed: 1,
      lastError: { code: 'new', message: 'n', at: new Date(at + 1) },
    });
    expect(status.lagMs).toBeGreaterThanOrEqual(10 * MINUTE_MS);
    expect(status.lagMs).toBeLessThan(20 * MINUTE_MS);
  });
});
