import { beforeEach, describe, expect, test } from '@jest/globals';
import { initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import { DAY_MS, MINUTE_MS } from '#kernel';
import { createRunTransaction } from '#kernel/firestore';
import { measure } from '../../kernel/testing/meter.ts';
import { applyLive } from '../projections/apply-live.ts';
import type { Projection } from '../projections/projection.ts';
import type { DomainEvent } from '../event.ts';
import { testCatalog } from '../testing/catalog.ts';
import { codedErrorOf, pathsOf } from '../testing/failure.ts';
import { KeptReadModels } from '../testing/firestore-projections.ts';
import { ledger, totals } from '../testing/read-models.ts';
import { anInvoiceEvent } from '../testing/stored-event.ts';

const firestore = getFirestore(initializeApp());
const runTransaction = createRunTransaction(firestore);
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

  test('is come to so again, where the read model was removed meanwhile', async () => {
    const events = stream(250);
    await kept.record(events);
    const last = events[249]!;
    for (const time of ['first', 'again']) {
      await firestore.doc(`projection_state/ledger~${orgId}`).delete();
      await kept.jobs(last, ledger);
      for (let tick = 0; tick < 3; tick += 1) {
        await kept.engine.tick();
        kept.engine.later(MINUTE_MS);
      }
      expect([time, (await readLedger())?.lines.length]).toEqual([time, 250]);
    }
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
    expect(await kept.engine.job(job!.id)).toMatchObject({
      status: 'failed',
      lastError: { code: 'projection-failed', message: expect.stringContaining('streamVersion') },
    });
  });

  test('is told apart by each read model for itself', async () => {
    const tallies = { ...totals, id: 'tallies', collection: 'projections_tallies' };
    const generations = { live: '1-same', newest: 1, building: null, retired: [] };
    const [event] = stream(1);
    const live = (projection: Projection) => {
      const applying = { catalog: testCatalog, projection };
      return runTransaction('t', (tx) => applyLive(tx, applying, event!, kept.engine.startMs));
    };
    for (const projection of [totals, tallies]) {
      await firestore.doc(`projection_state/${projection.id}~${orgId}`).set(generations);
      await live(projection);
      const read = await kept.projections.read(projection, { orgId, key: 'm1' });
      expect(read).toMatchObject({ sent: 1 });
    }
  });

  test('is applied to a read model that was removed and is there again', async () => {
    const [event] = stream(1);
    await kept.record([event!]);
    await kept.jobs(event!, totals, ledger);
    await kept.engine.tick();
    for (const { id } of [totals, ledger]) {
      await firestore.doc(`projection_state/${id}~${orgId}`).delete();
    }
    expect(await readTotals()).toBeUndefined();
    await kept.jobs(event!, totals, ledger);
    await kept.engine.tick();
    expect(await readTotals()).toEqual({ sent: 1, paid: 0, amountMinor: 1 });
    expect(await readLedger()).toEqual({ lines: [1] });
  });

  describe('that is older than markers are kept', () => {
    const DAYS_91_MS = 91 * DAY_MS;

    test('is refused for good, and in the read model once when that is rebuilt', async () => {
      const [event] = stream(1);
      await kept.record([event!], new Date(kept.engine.startMs - DAYS_91_MS));
      const [job] = await kept.jobs(event!, totals);
      await kept.engine.tick();
      const { status, attempts, lastError } = await kept.engine.job(job!.id);
      expect([status, attempts, lastError?.code]).toEqual(['failed', 1, 'event-too-old']);
      expect(lastError?.message).toContain(event!.eventId);
      expect(lastError?.message).toContain('Rebuild it');
      expect(await readTotals()).toBeUndefined();
      await kept.projections.rebuild(totals, orgId);
      // Its marker is of today.
      const [again] = await kept.jobs(event!, totals);
      await kept.engine.tick();
      expect(await kept.engine.statuses([again!])).toEqual(['sent']);
      expect(await readTotals()).toMatchObject({ sent: 1 });
    });

    test('is known as such by its own job, without asking the log', async () => {
      const [event] = stream(1);
      await kept.record([event!]);
      const { eventId, eventType } = event!;
      const job = await kept.engine.due({
        id: `totals:${orgId}:${eventId}`,
        jobType: 'totals',
        createdAt: kept.engine.startMs - DAYS_91_MS,
        eventId,
        eventType,
      });
      await kept.engine.tick();
      expect(await kept.engine.job(job.id)).toMatchObject({ failure: { reason: 'permanent' } });
    });

    test('is told apart by its version, where streams are followed', async () => {
      const [event] = stream(1);
      await kept.record([event!], new Date(kept.engine.startMs - DAYS_91_MS));
      await kept.jobs(event!, ledger, ledger);
      await kept.engine.tick();
      expect(await readLedger()).toEqual({ lines: [1] });
    });
  });

  test.each([
    ['by a marker', totals, { reads: 3, writes: 2, deletes: 0 }],
    ['by its version', ledger, { reads: 2, writes: 1, deletes: 0 }],
  ] as const)('that is told apart %s costs what it says', async (_, projection, billed) => {
    const [first, second] = stream(2);
    const applying = { catalog: testCatalog, projection };
    const nowMs = kept.engine.startMs;
    const live = (event: DomainEvent) =>
      runTransaction('t', (tx) => applyLive(tx, applying, event, nowMs));
    await live(first!);
    expect(await measure(firestore, () => live(second!))).toEqual(billed);
  });

  test.each([
    ['org', { orgId: 'a/b', key: 'm1' }, ['orgId']],
    ['key', { orgId, key: 'a/b' }, ['key']],
    ['names at all', { orgId: '', key: '__a__' }, ['orgId', 'key']],
    ['key that is said', { orgId } as never, ['key']],
    ['org that is said', { key: 'm1' } as never, ['orgId']],
  ])('is not read by no %s', async (_, which, paths) => {
    const read = () => kept.projections.read(totals, which);
    expect((await codedErrorOf(read)).code).toBe('invalid-input');
    expect(await pathsOf(read)).toEqual(paths);
  });

  test('of no organization is in no read model', async () => {
    const { status, rebuild, rebuildStep, startRebuild, abandonRebuild } = kept.projections;
    for (const act of [status, rebuild, rebuildStep, startRebuild, abandonRebuild]) {
      expect(await pathsOf(() => act(totals, 'a/b'))).toEqual(['orgId']);
      expect(await pathsOf(() => act(totals, undefined as never))).toEqual(['orgId']);
    }
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
