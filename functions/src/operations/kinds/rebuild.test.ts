import { expect, test } from '@jest/globals';
import type { Projection } from '#events';
import type { StepResult } from '../operation-kind.ts';
import { rebuild } from './rebuild.ts';

type Rebuilding = Parameters<typeof rebuild>[0]['projections'];

const totals = { id: 'totals' } as unknown as Projection;

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
    rebuildStep: ({ id }, orgId) => {
      calls.push(['step', id, orgId]);
      return Promise.resolve(does);
    },
  };
  const result = rebuild({ projections, all: [totals], archives: archivesWith(0) }).step({
    params: { projection: 'totals', orgId: 'org1' },
    cursor,
  } as never);
  return { result, calls };
}

test('the first step has a generation begun, and no more', async () => {
  const { result, calls } = step(undefined, 'replayed');
  expect(await result).toMatchObject({ seen: 0, done: 0, cursor: 'begun' });
  expect(calls).toEqual([['start', 'totals', 'org1']]);
});

test.each(['replayed', 'switched', 'deleted'] as const)(
  'a page that was %s is counted',
  async (did) => {
    const { result, calls } = step('begun', did);
    expect(await result).toMatchObject({ seen: 1, done: 1, cursor: 'begun' });
    expect(calls).toEqual([['step', 'totals', 'org1']]);
  },
);

test('it is done where there is nothing left to do', async () => {
  expect(await step('begun', 'idle').result).toMatchObject({ seen: 0, cursor: undefined });
});

test('where others were quicker the step has failed, and is tried again later', async () => {
  await expect(step('begun', 'overtaken').result).rejects.toMatchObject({ code: 'contention' });
});

test('one of what would be missing in it is refused before it begins', async () => {
  const params = { projection: 'totals', orgId: 'org1' };
  const kind = rebuild({ projections: {} as never, all: [totals], archives: archivesWith(7) });
  await expect(kind.estimate(params)).rejects.toMatchObject({ code: 'archived' });
});
