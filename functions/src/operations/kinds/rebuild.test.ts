import { expect, test } from '@jest/globals';
import type { Projection } from '#events';
import type { StepResult } from '../operation-kind.ts';
import { rebuild } from './rebuild.ts';

type Rebuilding = Parameters<typeof rebuild>[0]['projections'];

const totals = { id: 'totals' } as unknown as Projection;

/** A log of seven events. */
const log = {
  list: () => Promise.resolve({ events: [], nextCursor: undefined }),
  count: () => Promise.resolve({ total: 7, types: [], others: 7 }),
};

function archivesWith(events: number): Parameters<typeof rebuild>[0]['archives'] {
  const state = { events, archived: events, writtenAt: { seconds: 1, nanoseconds: 0 } };
  return { state: () => Promise.resolve({ state, readAtMs: 1 }) };
}

/** A step behind this cursor, of a rebuild whose next step does this. */
function step(
  cursor: string | undefined,
  does: Awaited<ReturnType<Rebuilding['rebuildStep']>>,
): { readonly result: Promise<StepResult>; readonly calls: readonly unknown[] } {
  const calls: unknown[] = [];
  const projections: Rebuilding = {
    startRebuild: ({ id }, orgId) => {
      calls.push(['start', id, orgId]);
      return Promise.resolve('2-x');
    },
    rebuildStep: ({ id }, orgId, mostRows) => {
      calls.push(['step', id, orgId, mostRows]);
      return Promise.resolve(does);
    },
  };
  const result = rebuild({
    projections,
    all: [totals],
    archives: archivesWith(0),
    events: log,
  }).step({
    params: { projection: 'totals', orgId: 'org1' },
    cursor,
    limit: 50,
  } as never);
  return { result, calls };
}

test('the first step has a generation begun, and no more', async () => {
  const { result, calls } = step(undefined, { kind: 'idle' });
  expect(await result).toMatchObject({ seen: 0, done: 0, cursor: 'begun' });
  expect(calls).toEqual([['start', 'totals', 'org1']]);
});

test.each(['replayed', 'switched', 'deleted'] as const)(
  'rows that were %s are counted with what they cost, and are no more than it may look at',
  async (kind) => {
    const { result, calls } = step('begun', { kind, rows: 7, reads: 20, writes: 9 });
    expect(await result).toEqual({ seen: 7, done: 7, reads: 20, written: 9, cursor: 'begun' });
    expect(calls).toEqual([['step', 'totals', 'org1', 50]]);
  },
);

test('it is done where there is nothing left to do', async () => {
  expect(await step('begun', { kind: 'idle' }).result).toMatchObject({
    seen: 0,
    cursor: undefined,
  });
});

test('where others were quicker the step has failed, and is tried again later', async () => {
  await expect(step('begun', { kind: 'overtaken' }).result).rejects.toMatchObject({
    code: 'contention',
  });
});

test('before it begins it says how many events there are, or refuses what would be missing', async () => {
  const estimate = (archived: number): Promise<unknown> => {
    const deps = { all: [totals], archives: archivesWith(archived), events: log };
    const kind = rebuild({ projections: {} as never, ...deps });
    return kind.estimate({ projection: 'totals', orgId: 'org1' });
  };
  expect(await estimate(0)).toBe(7);
  await expect(estimate(7)).rejects.toMatchObject({ code: 'archived' });
});
