import { beforeEach, describe, expect, test } from '@jest/globals';
import { MINUTE_MS } from '#kernel';
import { countingIds } from '../../kernel/testing/counting-ids.ts';
import { ManualClock } from '../../kernel/testing/manual-clock.ts';
import { cancelJob, planCancel } from '../dead-letters/cancel.ts';
import { planRedrive } from '../dead-letters/redrive.ts';
import { MemoryDocuments } from '../memory/memory-documents.ts';
import { createMemoryOutboxStore } from '../memory/memory-store.ts';
import type { NewJob, TransactionalHandler } from '../model/handler.ts';
import type { OutboxJob } from '../model/job.ts';
import { slotsToRead } from '../model/slots.ts';
import { createRow } from '../record/record-job.ts';
import type { OutboxStore, Row } from '../store.ts';
import { aWorker, DEFAULT_SETTINGS } from '../testing/a-worker.ts';
import { aJob, aWriter, T0 } from '../testing/factories.ts';
import type { SweepScope } from './sweep.ts';
import { sweep } from './sweep.ts';

const BULK_SLOT = 1000;
const ids = countingIds('run');

let clock: ManualClock;
let documents: MemoryDocuments;
let store: OutboxStore;
/** The steps in the order in which they were made. */
let steps: number[];

beforeEach(() => {
  clock = new ManualClock();
  documents = new MemoryDocuments(() => T0 + clock.elapsedMs());
  store = createMemoryOutboxStore(documents);
  steps = [];
});

function given(...jobs: readonly OutboxJob[]): void {
  documents.commit(jobs.map((job) => ({ write: createRow(job) })));
}

/** Step by step through something long: each step writes the next. */
function aWalk(last: number, said: Partial<NewJob> = {}, stepMs = 0): TransactionalHandler {
  return aWriter({
    jobType: 'walk',
    handle: async ({ orgId, metadata, payload }) => {
      const step = Number(payload?.['step'] ?? 1);
      steps.push(step);
      clock.advance(stepMs);
      const about = { jobType: 'walk', orgId, metadata, causeId: `walk~p${step + 1}` };
      const next = { ...about, payload: { step: step + 1 }, ...said };
      const note = { ...about, jobType: 'note', causeId: `note${step}` };
      return { writes: [], jobs: step < last ? [note, next] : [note] };
    },
  });
}

const note = aWriter({ jobType: 'note' });

function tick(handler: TransactionalHandler, said: { budgetMs?: number; scope?: SweepScope } = {}) {
  const { budgetMs = 10 * MINUTE_MS, scope } = said;
  const settings = { ...DEFAULT_SETTINGS, concurrency: 2 };
  const worker = aWorker({ store, clock, ids, handlers: [handler, note], settings, budgetMs });
  return sweep(worker, { lastFromZeroElapsedMs: undefined }, scope);
}

describe('a job that writes the next of its own type', () => {
  test('is followed by it in its place, to the end, and no place of others is kept meanwhile', async () => {
    given(aJob({ jobType: 'walk' }));
    const { sent = 0 } = (await tick(aWalk(50))).ends;
    // What finds no room is left to others; with a place kept at each step that would be all but one.
    expect(sent).toBeGreaterThan(60);
    expect(steps).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  });

  test('goes on as bulk work where it is bulk work itself', async () => {
    given(aJob({ jobType: 'walk', slot: BULK_SLOT }));
    await tick(aWalk(3, { priority: 'bulk' }));
    expect(steps).toEqual([1, 2, 3]);
    expect(documents.get('outbox/walk:org1:walk~p3')?.data['slot']).toBeGreaterThanOrEqual(
      BULK_SLOT,
    );
  });

  test('leaves bulk work to its turn where it is none', async () => {
    given(aJob({ jobType: 'walk' }));
    const scope = { slots: slotsToRead('normal', DEFAULT_SETTINGS.slots) };
    await tick(aWalk(2, { priority: 'bulk' }), { scope });
    expect(steps).toEqual([1]);
    expect(documents.get('outbox/walk:org1:walk~p2')?.data).toMatchObject({ runs: 0 });
  });

  test('leaves what there is no time for to whoever comes next', async () => {
    given(aJob({ jobType: 'walk' }));
    const budgetMs = 2 * MINUTE_MS;
    await tick(aWalk(50, {}, 10_000), { budgetMs });
    const made = steps.length;
    expect(made).toBeGreaterThan(1);
    expect(made).toBeLessThan(12);
    expect(documents.get(`outbox/walk:org1:walk~p${made + 1}`)?.data['status']).toBe('pending');
    await tick(aWalk(made + 1), { budgetMs });
    expect(steps.at(-1)).toBe(made + 1);
    expect(new Set(steps).size).toBe(steps.length);
  });

  test('leaves a next one to its own time', async () => {
    given(aJob({ jobType: 'walk' }));
    await tick(aWalk(2, { notBefore: new Date(T0 + 60_000) }));
    expect(steps).toEqual([1]);
  });
});

describe('a handler that moves other jobs', () => {
  const dead = () =>
    aJob({ status: 'failed', failure: { reason: 'permanent', at: T0 }, nextAttemptAt: undefined });

  /** Sends one round again and takes one out, as they are when it is called. */
  function aMover(one: OutboxJob, other: OutboxJob, between: () => Promise<unknown>) {
    return aWriter({
      jobType: 'move',
      handle: async () => {
        const { rows, readAtMs } = await store.readRows([one.id, other.id]);
        const [first, second] = rows as readonly [Row, Row];
        const plans = [await planRedrive(store, first, readAtMs), planCancel(second)];
        await between();
        const moves = plans.flatMap((plan) => (plan.kind === 'planned' ? plan.moves : []));
        return { writes: [], jobs: [], moves };
      },
    });
  }

  test('does so in the commit that settles its own', async () => {
    const [one, other, mover] = [
      dead(),
      aJob({ pausedBy: 'x', nextAttemptAt: undefined }),
      aJob({ jobType: 'move' }),
    ];
    given(one, other, mover);
    await tick(aMover(one, other, () => Promise.resolve()));
    const ended = await store.readRows([one.id, other.id, mover.id]);
    expect(ended.rows).toMatchObject([
      { job: { redrives: 1 } },
      { job: { status: 'cancelled' } },
      { job: { status: 'sent' } },
    ]);
  });

  test('has failed where one of them was changed meanwhile, and moved none', async () => {
    const [one, other, mover] = [dead(), dead(), aJob({ jobType: 'move' })];
    given(one, other, mover);
    await tick(aMover(one, other, () => cancelJob(store, other.id)));
    const ended = await store.readRows([one.id, other.id, mover.id]);
    expect(ended.rows).toMatchObject([
      { job: { status: 'failed', redrives: 0 } },
      { job: { status: 'cancelled' } },
      { job: { status: 'pending', attempts: 1 } },
    ]);
  });
});
