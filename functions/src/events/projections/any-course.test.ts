import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { CodedError, MINUTE_MS } from '#kernel';
import type { DomainEvent } from '../event.ts';
import { ProjectionStage } from '../testing/projection-stage.ts';
import type { Ledger } from '../testing/read-models.ts';
import { ledger, totals } from '../testing/read-models.ts';
import { anInvoiceEvent } from '../testing/stored-event.ts';
import type { Projection } from './projection.ts';
import { keyOfEvent } from './projection.ts';
import { rebuildStep, startRebuild } from './rebuild.ts';

/** One event of the plan: of which invoice, how long its commit takes, and what becomes of its job. */
interface Planned {
  readonly invoice: number;
  readonly isPaid: boolean;
  /** How much earlier than its commit its time is. */
  readonly lateMs: number;
  /** How much time goes by before the next. */
  readonly pauseMs: number;
  /** How often its job is run, if ever before the end: a trigger may be lost, or come twice. */
  readonly runs: number;
}

const planned: fc.Arbitrary<Planned> = fc.record({
  invoice: fc.integer({ min: 1, max: 3 }),
  isPaid: fc.boolean(),
  lateMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5 * MINUTE_MS - 1 })),
  pauseMs: fc.oneof(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 4 * MINUTE_MS })),
  runs: fc.integer({ min: 0, max: 2 }),
});

/** The events of a plan; those of an invoice are its stream, in the order of their times too. */
function eventsOf(plan: readonly Planned[]): DomainEvent[] {
  const versions = new Map<number, number>();
  return plan.map(({ invoice, isPaid }, index) => {
    const streamVersion = (versions.get(invoice) ?? 0) + 1;
    versions.set(invoice, streamVersion);
    const said = isPaid
      ? { eventType: 'invoice.paid', payload: { paidBy: `p${index}` } }
      : { eventType: 'invoice.sent', payload: { amountMinor: 1 << (index % 20) } };
    const entityId = `i${invoice}`;
    return anInvoiceEvent({ ...said, entityId, streamVersion, matterId: `m${invoice % 2}` });
  });
}

/** What a plain list of the events comes to. */
function fold(projection: Projection, events: readonly DomainEvent[]): Record<string, unknown> {
  const states: Record<string, unknown> = {};
  for (const event of events) {
    const key = keyOfEvent(projection, event)!;
    states[key] = projection.apply(states[key], event);
  }
  return states;
}

/** Steps until there is nothing to do, or as far as it gets. */
async function rebuild(stage: ProjectionStage, projection: Projection, most = Infinity) {
  for (let steps = 0; steps < most; steps += 1) {
    if ((await rebuildStep(stage.deps, projection, 'org1')).kind === 'idle') return;
  }
}

async function liveUntilDone(stage: ProjectionStage, projection: Projection, event: DomainEvent) {
  for (;;) {
    try {
      await stage.live(projection, event);
      return;
    } catch (error) {
      if (!(error instanceof CodedError) || error.code !== 'contention') throw error;
    }
  }
}

/** Whoever asks after a job was run finds a document, whichever generation is the live one. */
async function runAndLook(stage: ProjectionStage, projection: Projection, event: DomainEvent) {
  await liveUntilDone(stage, projection, event);
  const key = keyOfEvent(projection, event)!;
  if ((await stage.read(projection, key)) === undefined) throw new Error(`A hole at ${key}.`);
  seen.reads += 1;
}

const seen = { rebuilds: 0, both: 0, late: 0, reads: 0 };

/** Plays a plan: everything that is under way at one time meets in the order of the scheduler. */
async function play(projection: Projection, course: Course): Promise<void> {
  const { plan, scheduler, pageSize, rebuildsAt } = course;
  const stage = new ProjectionStage(pageSize);
  const { documents } = stage;
  documents.pause = () => scheduler.schedule(Promise.resolve());
  documents.beforeCommit = (writes) => {
    const states = writes.filter(({ path }) => path.startsWith(projection.collection));
    if (new Set(states.map(({ path }) => path.split('~')[1])).size > 1) seen.both += 1;
  };
  const events = eventsOf(plan);
  const underWay: Promise<unknown>[] = [];
  const times = new Map<string, number>();
  const act = async (): Promise<void> => {
    for (const [index, event] of events.entries()) {
      const { lateMs, pauseMs, runs } = plan[index]!;
      const atMs = Math.max(stage.nowMs - lateMs, times.get(event.entityId) ?? 0);
      if (atMs < stage.nowMs) seen.late += 1;
      times.set(event.entityId, atMs);
      stage.record(event, atMs);
      for (let run = 0; run < runs; run += 1) underWay.push(runAndLook(stage, projection, event));
      if (rebuildsAt.includes(index)) {
        await startRebuild(stage.deps, projection, 'org1');
        underWay.push(rebuild(stage, projection, 1 + (index % 4)), rebuild(stage, projection));
      }
      await documents.pause();
      stage.nowMs += pauseMs;
    }
  };
  await scheduler.waitFor(act().then(() => Promise.all(underWay)));
  // The tick runs what no trigger ran, and whoever rebuilds comes to an end, too.
  documents.pause = async () => {};
  for (const [index, event] of events.entries()) {
    if (plan[index]!.runs === 0) await liveUntilDone(stage, projection, event);
  }
  await rebuild(stage, projection);
  seen.rebuilds += rebuildsAt.length;
  expect(stage.states(projection)).toEqual(fold(projection, events));
  expect(stage.countDocuments(projection)).toBe(Object.keys(fold(projection, events)).length);
}

interface Course {
  readonly plan: readonly Planned[];
  readonly scheduler: fc.Scheduler;
  readonly pageSize: number;
  readonly rebuildsAt: readonly number[];
}

const course = fc.record({
  plan: fc.array(planned, { minLength: 1, maxLength: 12 }),
  scheduler: fc.scheduler(),
  pageSize: fc.integer({ min: 1, max: 4 }),
  rebuildsAt: fc.uniqueArray(fc.nat(11), { maxLength: 3 }),
});

test.each([
  ['keyed', totals as Projection],
  ['of streams', ledger as Projection<Ledger> as Projection],
])(
  'a read model %s is what a plain list gives, whatever meets in whatever order, rebuilt or not',
  async (_, projection) => {
    await fc.assert(
      fc.asyncProperty(course, (one) => play(projection, one)),
      { numRuns: 400 },
    );
    expect(seen.both).toBeGreaterThan(100);
    expect(seen.late).toBeGreaterThan(500);
    expect(seen.reads).toBeGreaterThan(500);
  },
  120_000,
);
