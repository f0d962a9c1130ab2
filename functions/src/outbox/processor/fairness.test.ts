import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { countingIds } from '../../kernel/testing/counting-ids.ts';
import { ManualClock } from '../../kernel/testing/manual-clock.ts';
import { MemoryDocuments } from '../memory/memory-documents.ts';
import { createMemoryOutboxStore } from '../memory/memory-store.ts';
import type { OutboxJob } from '../model/job.ts';
import { slotOf } from '../model/slots.ts';
import { createRow } from '../record/record-job.ts';
import { aWorker, DEFAULT_SETTINGS } from '../testing/a-worker.ts';
import { aJob, aSink, T0 } from '../testing/factories.ts';
import type { SweepMemory } from './sweep.ts';
import { sweep } from './sweep.ts';

const settings = { ...DEFAULT_SETTINGS, pageSize: 20, maxJobsPerRun: 50 };
const ids = countingIds('run');

let documents: MemoryDocuments;
let memory: SweepMemory;
let delivered: OutboxJob[];

beforeEach(() => {
  documents = new MemoryDocuments(() => T0);
  memory = { lastFromZeroElapsedMs: undefined };
  delivered = [];
});

/** One tick; the jobs it delivered, by tenant. */
async function tick(
  said: Partial<Parameters<typeof aWorker>[0]> = {},
): Promise<Map<string, number>> {
  delivered = [];
  const sink = aSink({
    send: (job) => {
      delivered.push(job);
      return Promise.resolve();
    },
  });
  const store = createMemoryOutboxStore(documents);
  await sweep(
    aWorker({ store, handlers: [sink], ids, settings, clock: new ManualClock(), ...said }),
    memory,
  );
  const counts = new Map<string, number>();
  for (const { orgId } of delivered) counts.set(orgId, (counts.get(orgId) ?? 0) + 1);
  return counts;
}

function due(orgId: string, count: number, said: Partial<OutboxJob> = {}): void {
  const writes = Array.from({ length: count }, (_, index) => {
    const id = `mail:${orgId}:event${index}`;
    return { write: createRow(aJob({ id, orgId, slot: slotOf(id, settings.slots), ...said })) };
  });
  documents.commit(writes);
}

function slotsOf(orgId: string): number[] {
  return documents
    .list('outbox')
    .filter(([, { data }]) => data['orgId'] === orgId && data['status'] === 'pending')
    .map(([, { data }]) => Number(data['slot']));
}

describe('tenants that have a backlog', () => {
  test('do not hold up the others’ work, which is done in the same tick', async () => {
    for (const noisy of ['noisy1', 'noisy2', 'noisy3']) {
      due(noisy, 300, { nextAttemptAt: T0 - 60_000 });
    }
    for (let n = 0; n < 15; n += 1) due(`quiet${n}`, 1);
    const counts = await tick();
    for (let n = 0; n < 15; n += 1) expect(counts.get(`quiet${n}`)).toBe(1);
  });

  test('have what is beyond their share moved to two bulk slots of theirs, due when it was', async () => {
    due('noisy', 300);
    await tick();
    const bulk = new Set(slotsOf('noisy').filter((slot) => slot >= 1_000));
    expect(bulk.size).toBe(2);
    const moved = documents.list('outbox').filter(([, { data }]) => Number(data['slot']) >= 1_000);
    const waiting = moved.filter(([, { data }]) => data['status'] === 'pending');
    expect(waiting.length).toBeGreaterThan(100);
    for (const [, { data }] of waiting) {
      expect(data).toMatchObject({ attempts: 0, nextAttemptAt: new Date(T0) });
    }
  });

  test('are worked off to the end, nothing lost on the way', async () => {
    due('noisy', 300);
    for (let ticks = 0; ticks < 10; ticks += 1) await tick();
    const statuses = documents.list('outbox').map(([, { data }]) => data['status']);
    expect(statuses).toEqual(Array.from({ length: 300 }, () => 'sent'));
  });
});

describe('bulk work', () => {
  test('gets a fifth of a tick at least, however much normal work there is', async () => {
    for (let n = 0; n < 100; n += 1) due(`quiet${n}`, 1);
    due('bulky', 100, { slot: 1_000 });
    expect((await tick()).get('bulky')).toBe(10);
  });

  test('gets a fifth of its time at least, however slow normal work is', async () => {
    const clock = new ManualClock();
    documents = new MemoryDocuments(() => T0 + clock.elapsedMs());
    due('bulky', 5, { slot: 1_000 });
    for (let tenant = 0; tenant < 100; tenant += 1) due(`org${tenant}`, 1);
    const begun: string[] = [];
    const slow = aSink({
      send: async ({ orgId }) => {
        begun.push(orgId);
        await clock.wait(5_000);
      },
    });
    const store = createMemoryOutboxStore(documents);
    const sweeping = sweep(
      aWorker({
        store,
        clock,
        ids,
        handlers: [slow],
        settings: { ...settings, concurrency: 2, maxJobsPerRun: 500 },
      }),
      memory,
    );
    const isOver = sweeping.then(() => true);
    while (!(await Promise.race([isOver, turnOfTheLoop().then(() => false)]))) clock.advance(500);
    expect(begun).toContain('bulky');
    expect(begun.filter((orgId) => orgId !== 'bulky').length).toBeGreaterThan(20);
  });

  test('gets what normal work leaves', async () => {
    due('bulky', 100, { slot: 1_000 });
    expect((await tick()).get('bulky')).toBe(50);
  });

  test('is paged in turn by slot, so that one tenant’s does not starve another’s', async () => {
    due('bulky', 500, { slot: 1_000, nextAttemptAt: T0 - 60_000 });
    due('other', 5, { slot: 1_003 });
    expect((await tick()).get('other')).toBe(5);
  });
});

describe('slots that are changed on a live system', () => {
  test.each([
    ['more', { normal: 16, bulk: 8, draining: [] }],
    ['fewer, the rest draining', { normal: 2, bulk: 1, draining: [2, 3, 4, 5, 6, 7, 1_003] }],
  ])('lose no row: %s', async (_, table) => {
    due('org1', 40);
    due('org2', 3, { slot: 1_003 });
    if (table.normal === 16) due('org3', 1, { slot: 15 });
    documents.commit([{ write: { kind: 'create', path: 'outbox_controls/slots', data: table } }]);
    for (let ticks = 0; ticks < 4; ticks += 1) await tick();
    const open = documents.list('outbox').filter(([, { data }]) => data['status'] !== 'sent');
    expect(open).toEqual([]);
  });

  test('with more slots than one query takes, all are read', async () => {
    due('org1', 1, { slot: 95 });
    const counts = await tick({ settings: { ...settings, slots: { normal: 96, bulk: 4 } } });
    expect(counts.get('org1')).toBe(1);
  });
});

test('rows that cannot be started for want of time do not keep a tick reading', async () => {
  due('org1', 100);
  let reads = 0;
  const store = createMemoryOutboxStore(documents, (operation) => {
    if (operation === 'findDue') reads += 1;
    return Promise.resolve();
  });
  const slow = aSink({ timeoutMs: 50_000 });
  await tick({ store, handlers: [slow], budgetMs: 40_000 });
  expect(reads).toBeLessThan(20);
});
