import { beforeEach, describe, expect, test } from '@jest/globals';
import { initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import { MINUTE_MS } from '#kernel';
import { createRunTransaction } from '#kernel/firestore';
import { pauseJobs, resumeJobs } from '#outbox';
import { measure } from '../../kernel/testing/meter.ts';
import { applyLive } from '../projections/apply-live.ts';
import type { DomainEvent } from '../event.ts';
import { testCatalog } from '../testing/catalog.ts';
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
function stream(count: number, entityId = 'i1'): DomainEvent[] {
  return Array.from({ length: count }, (_, index) =>
    anInvoiceEvent({ entityId, streamVersion: index + 1, payload: { amountMinor: index + 1 } }),
  );
}

/** An invoice that 150 events are noted of before it is sent, over 7. */
function notedAtLength(entityId: string): DomainEvent[] {
  const note = { eventType: 'note.added', schemaVersion: 1, payload: {}, entityId };
  const notes = Array.from({ length: 150 }, (_, index) =>
    anInvoiceEvent({ ...note, streamVersion: index + 1 }),
  );
  return [...notes, anInvoiceEvent({ entityId, streamVersion: 151, payload: { amountMinor: 7 } })];
}

const readLedger = (key = 'i1') => kept.projections.read(ledger, { orgId, key });
const readTotals = () => kept.projections.read(totals, { orgId, key: 'm1' });

describe('an event', () => {
  test('is applied once, however many jobs bring it, one after the other or at once', async () => {
    const [event] = stream(1);
    await kept.record([event!]);
    await kept.jobs(event!, totals, totals, ledger, ledger);
    await kept.engine.tick();
    await kept.jobs(event!, totals, ledger);
    await kept.engine.tick();
    expect(await readTotals()).toEqual({ sent: 1, paid: 0, amountMinor: 1 });
    expect(await readLedger()).toEqual({ lines: [1] });
    const { docs } = await firestore.collection('outbox').where('status', '==', 'sent').get();
    expect(docs).toHaveLength(6);
  });

  test('is applied after those before it, whichever job is first', async () => {
    const events = stream(5);
    await kept.record(events);
    await kept.jobs(events[4]!, ledger);
    await kept.engine.tick();
    expect(await readLedger()).toEqual({ lines: [1, 2, 3, 4, 5] });
    for (const event of events) await kept.jobs(event, ledger);
    await kept.engine.tick();
    expect(await readLedger()).toEqual({ lines: [1, 2, 3, 4, 5] });
  });

  test('that the read model does not take is passed over, and its place in the stream with it', async () => {
    const [first, , third] = stream(3);
    const note = { eventType: 'note.added', schemaVersion: 1, payload: {} };
    const second = anInvoiceEvent({ ...note, streamVersion: 2 });
    await kept.record([first!, second, third!]);
    await kept.jobs(third!, ledger);
    await kept.engine.tick();
    expect(await readLedger()).toEqual({ lines: [1, 3] });
  });

  test('with more before it than a commit takes is come to job by job', async () => {
    const events = stream(250);
    await kept.record(events);
    const [job] = await kept.jobs(events[249]!, ledger);
    const reached: (number | undefined)[] = [];
    for (let tick = 0; tick < 3; tick += 1) {
      await kept.engine.tick();
      reached.push((await readLedger())?.lines.length);
      kept.engine.later(MINUTE_MS);
    }
    expect(reached).toEqual([100, 200, 250]);
    expect(await kept.engine.statuses([job!])).toEqual(['sent']);
    expect(await readLedger()).toEqual({ lines: events.map((_, index) => index + 1) });
  });

  test('after many that the read model does not take is come to, live and in a rebuild', async () => {
    const long = new Date(kept.engine.startMs - 60 * MINUTE_MS);
    await kept.record(notedAtLength('i1'), long);
    await kept.projections.rebuild(ledger, orgId);
    expect(await readLedger()).toEqual({ lines: [7] });

    const events = notedAtLength('i2');
    await kept.record(events);
    await kept.jobs(events[150]!, ledger);
    await kept.engine.tick();
    expect(await readLedger('i2')).toBeUndefined();
    kept.engine.later(MINUTE_MS);
    await kept.engine.tick();
    expect(await readLedger('i2')).toEqual({ lines: [7] });
  });

  test('before which events are not in the log waits, and spends no attempt; nor can it be rebuilt', async () => {
    const [, , third] = stream(3);
    await kept.record([third!], new Date(kept.engine.startMs - 60 * MINUTE_MS));
    const [job] = await kept.jobs(third!, ledger);
    await kept.engine.tick();
    expect(await kept.engine.job(job!.id)).toMatchObject({ status: 'pending', attempts: 0 });
    const { lastError } = await kept.projections.status(ledger, orgId);
    expect(lastError?.message).toContain('at version 0');
    const rebuilding = kept.projections.rebuild(ledger, orgId);
    await expect(rebuilding).rejects.toMatchObject({ code: 'projection-gap' });
    await kept.projections.abandonRebuild(ledger, orgId);
  });

  test('in no stream is a dead letter where streams are followed', async () => {
    const event = anInvoiceEvent();
    await kept.record([event]);
    const [job] = await kept.jobs(event, ledger);
    for (let run = 0; run < 5; run += 1) {
      await kept.engine.tick();
      kept.engine.later(30 * MINUTE_MS);
    }
    expect(await kept.engine.statuses([job!])).toEqual(['failed']);
  });

  test.each([
    ['by a marker', totals, { reads: 3, writes: 2, deletes: 0 }],
    ['by its version', ledger, { reads: 2, writes: 1, deletes: 0 }],
  ] as const)('that is told apart %s costs what it says', async (_, projection, billed) => {
    const [event] = stream(1);
    const run = createRunTransaction(firestore);
    const applying = { catalog: testCatalog, projection };
    expect(
      await measure(firestore, () => run('token', (tx) => applyLive(tx, applying, event!))),
    ).toEqual(billed);
  });

  test('of another organization is in another document', async () => {
    const other = { ...stream(1)[0]!, orgId: 'org2', eventId: 'other' };
    await kept.record([other]);
    await kept.jobs(other, totals);
    await kept.engine.tick();
    expect(await readTotals()).toBeUndefined();
    expect(await kept.projections.read(totals, { orgId: 'org2', key: 'm1' })).toMatchObject({
      sent: 1,
    });
  });
});

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
    expect(await readTotals()).toMatchObject({ sent: 3 });
    expect(await readLedger()).toBeUndefined();
    expect(await kept.projections.status(ledger, orgId)).toMatchObject({
      status: 'paused',
      waiting: 3,
    });
    await resumeJobs(store, pause);
    kept.engine.clock.advance(11_000);
    kept.engine.later(MINUTE_MS);
    await kept.engine.tick();
    await kept.engine.tick();
    expect(await readLedger()).toEqual({ lines: [1, 2, 3] });
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
      generation: 1,
      building: null,
      waiting: 0,
      failed: 0,
      lagMs: 0,
      lastEvent: { eventId, eventType: 'invoice.sent' },
      lastError: undefined,
    });
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
