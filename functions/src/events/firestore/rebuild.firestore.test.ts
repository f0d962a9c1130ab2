import { beforeEach, describe, expect, test } from '@jest/globals';
import { initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import { MINUTE_MS } from '#kernel';
import type { DomainEvent } from '../event.ts';
import type { Projection } from '../projections/projection.ts';
import { KeptReadModels } from '../testing/firestore-projections.ts';
import { ledger, totals } from '../testing/read-models.ts';
import { anInvoiceEvent } from '../testing/stored-event.ts';

const firestore = getFirestore(initializeApp());
const orgId = 'org1';
const INVOICES = 7;
/** More than a page of the replay, and some of the last five minutes. */
const OLD = 210;
const YOUNG = 20;
let kept: KeptReadModels;

beforeEach(async () => {
  kept = await KeptReadModels.open(firestore);
  // Jobs of one document, side by side, would wait for each other: the emulator makes that a second each.
  kept.engine.settings = { ...kept.engine.settings, concurrency: 1 };
});

/** The nth event of all: the invoices take turns, and so do two matters. */
function nth(n: number): DomainEvent {
  const invoice = n % INVOICES;
  return anInvoiceEvent({
    entityId: `i${invoice}`,
    streamVersion: Math.floor(n / INVOICES) + 1,
    matterId: `m${invoice % 2}`,
    payload: { amountMinor: n + 1 },
  });
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => nth(from + n));

/** Events with their jobs, as an emit writes them. */
async function emit(
  projection: Projection,
  events: readonly DomainEvent[],
  at?: Date,
): Promise<void> {
  await kept.record(events, at);
  await Promise.all(events.map((event) => kept.jobs(event, projection)));
}

/** Old events, and some of the last minutes; all of them have been live. */
async function history(projection: Projection): Promise<void> {
  const { startMs } = kept.engine;
  await emit(projection, range(0, OLD), new Date(startMs - 60 * MINUTE_MS));
  await emit(projection, range(OLD, OLD + YOUNG), new Date(startMs - MINUTE_MS));
  while ((await kept.engine.tick()).read > 0);
}

/** The same, and generation 2 made of it, which is quicker than a job for each. */
async function madeOnce(): Promise<void> {
  const { startMs } = kept.engine;
  await kept.record(range(0, OLD), new Date(startMs - 60 * MINUTE_MS));
  await kept.record(range(OLD, OLD + YOUNG), new Date(startMs - MINUTE_MS));
  await kept.projections.rebuild(totals, orgId);
}

async function expectAll(projection: Projection, generation: number, count: number) {
  const events = range(0, count);
  const states: Record<string, unknown> = {};
  for (const event of events) {
    const key = projection === ledger ? event.entityId : String(event.matterId);
    states[key] = projection.apply(states[key], event);
  }
  const found = await kept.generation(projection, generation);
  const foundStates = Object.entries(found).map(([key, document]) => {
    return [key, (document as { state: unknown }).state] as const;
  });
  expect(Object.fromEntries(foundStates)).toEqual(states);
}

describe('a rebuild while events keep arriving', () => {
  test.each([
    ['by a marker', totals as Projection],
    ['by its version', ledger as Projection],
  ])(
    'ends equal to what was live, each event told apart %s, and leaves nothing behind',
    async (_, projection) => {
      await history(projection);
      const { rebuildStep, startRebuild } = kept.projections;
      const second = await startRebuild(projection, orgId);
      expect(second).toMatch(/^2-/);
      // Somebody else asks for the same.
      expect(await startRebuild(projection, orgId)).toBe(second);
      let emitted = OLD + YOUNG;
      let step = await rebuildStep(projection, orgId);
      while (step.kind === 'replayed') {
        await emit(projection, range(emitted, emitted + 5));
        emitted += 5;
        await kept.engine.tick();
        step = await rebuildStep(projection, orgId);
      }
      expect(step.kind).toBe('switched');
      // Before anything of the old generation is deleted, the two are the same, field by field.
      expect(await kept.generation(projection, 2)).toEqual(await kept.generation(projection, 1));
      await expectAll(projection, 2, emitted);
      await emit(projection, range(emitted, emitted + 3));
      await kept.engine.tick();
      while ((await rebuildStep(projection, orgId)).kind !== 'idle');
      await expectAll(projection, 2, emitted + 3);
      expect(await kept.generation(projection, 1)).toEqual({});
      const state = await firestore.doc(`projection_state/${projection.id}~${orgId}`).get();
      expect(state.data()).toEqual({
        live: second,
        completeToMs: expect.any(Number),
        newest: 2,
        building: null,
        retired: [],
      });
    },
  );

  test('never shows a reader a hole, nor what was already more become less', async () => {
    await madeOnce();
    const stop = new AbortController();
    const seen: number[] = [];
    const read = async (): Promise<void> => {
      while (!stop.signal.aborted) {
        const state = await kept.projections.read(totals, { orgId, key: 'm1' });
        seen.push(state?.sent ?? -1);
      }
    };
    const reading = read();
    await kept.projections.rebuild(totals, orgId);
    await kept.projections.rebuild(totals, orgId);
    stop.abort();
    await reading;
    expect(new Set(seen)).toEqual(
      new Set([range(0, OLD + YOUNG).filter(({ matterId }) => matterId === 'm1').length]),
    );
    expect(seen.length).toBeGreaterThan(10);
  });

  test('by two at once takes every event once', async () => {
    await madeOnce();
    await kept.projections.startRebuild(totals, orgId);
    const rebuild = async (): Promise<string[]> => {
      const steps: string[] = [];
      do steps.push((await kept.projections.rebuildStep(totals, orgId)).kind);
      while (steps.at(-1) !== 'idle');
      return steps;
    };
    const steps = (await Promise.all([rebuild(), rebuild()])).flat();
    expect(steps.filter((step) => step === 'switched')).toHaveLength(1);
    expect(steps).toContain('overtaken');
    await expectAll(totals, 3, OLD + YOUNG);
  });

  test('takes in what never had a job', async () => {
    await kept.record(range(0, 20), new Date(kept.engine.startMs - 60 * MINUTE_MS));
    expect(await kept.projections.read(ledger, { orgId, key: 'i1' })).toBeUndefined();
    await kept.projections.rebuild(ledger, orgId);
    await expectAll(ledger, 2, 20);
  });

  test('that is given up leaves the live one as it was, and the next one begins anew', async () => {
    await madeOnce();
    const before = await kept.generation(totals, 2);
    await kept.projections.startRebuild(totals, orgId);
    await kept.projections.rebuildStep(totals, orgId);
    await kept.projections.abandonRebuild(totals, orgId);
    while ((await kept.projections.rebuildStep(totals, orgId)).kind !== 'idle');
    expect(await kept.generation(totals, 2)).toEqual(before);
    expect(await kept.generation(totals, 3)).toEqual({});
    await kept.projections.rebuild(totals, orgId);
    expect(await kept.generation(totals, 4)).toEqual(before);
  });
});
