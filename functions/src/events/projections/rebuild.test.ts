import { describe, expect, test } from '@jest/globals';
import { CodedError, MINUTE_MS } from '#kernel';
import { encodedBytes } from '../emit/encoded-size.ts';
import { codedErrorOf } from '../testing/failure.ts';
import { ProjectionStage } from '../testing/projection-stage.ts';
import { totals } from '../testing/read-models.ts';
import { anInvoiceEvent } from '../testing/stored-event.ts';
import type { Projection } from './projection.ts';
import { decodeGenerations, statePath } from './generations.ts';
import { abandonRebuild, rebuildProjection, rebuildStep, startRebuild } from './rebuild.ts';

const MIB = 1024 * 1024;
const MATTERS = 30;

/** A log of one event of each matter, all of them settled. */
function aStage(): ProjectionStage {
  const stage = new ProjectionStage();
  for (let matter = 0; matter < MATTERS; matter += 1) {
    const eventId = `event${matter}`;
    stage.record(anInvoiceEvent({ eventId, matterId: `m${matter}` }));
    stage.nowMs += 1;
  }
  stage.nowMs += 60 * MINUTE_MS;
  return stage;
}

test('a page of large documents is as many as a commit takes', async () => {
  const stage = aStage();
  const large: Projection = { ...totals, apply: () => ({ text: 'x'.repeat(0.9 * MIB) }) };
  const commits: number[] = [];
  stage.documents.beforeCommit = (writes) => {
    const states = writes.filter(({ path }) => path.startsWith(large.collection));
    const sizes = states.map((write) => (write.kind === 'delete' ? 0 : encodedBytes(write.data)));
    commits.push(sizes.reduce((sum, bytes) => sum + bytes, 0));
  };
  await rebuildProjection(stage.deps, large, 'org1');
  expect(stage.countDocuments(large)).toBe(MATTERS);
  expect(Math.max(...commits)).toBeLessThanOrEqual(5 * MIB);
  expect(Math.max(...commits)).toBeGreaterThan(2 * MIB);
});

test('a page has no more rows than whoever has little time asks for', async () => {
  const stage = aStage();
  const rows = async (mostRows: number): Promise<unknown> => {
    const step = await rebuildStep(stage.deps, totals, 'org1', mostRows);
    return 'rows' in step ? [step.kind, step.rows] : step.kind;
  };
  await rebuildProjection(stage.deps, totals, 'org1');
  await startRebuild(stage.deps, totals, 'org1');
  expect([await rows(7), await rows(3)]).toEqual([
    ['replayed', 7],
    ['replayed', 3],
  ]);
  while ((await rebuildStep(stage.deps, totals, 'org1')).kind !== 'switched');
  expect(await rows(7)).toEqual(['deleted', 7]);
});

test('where others are always quicker, whoever asked is told, and nothing spins', async () => {
  const stage = aStage();
  let calls = 0;
  const runTransaction: typeof stage.deps.runTransaction = (token, work) => {
    calls += 1;
    // The first one begins the rebuild.
    if (calls === 1) return stage.deps.runTransaction(token, work);
    throw new CodedError('contention', 'Others were changing the same data.');
  };
  const rebuilding = () => rebuildProjection({ ...stage.deps, runTransaction }, totals, 'org1');
  expect((await codedErrorOf(rebuilding)).code).toBe('contention');
  expect(calls).toBe(6);
  await rebuildProjection(stage.deps, totals, 'org1');
  expect(stage.countDocuments(totals)).toBe(MATTERS);
});

test('where others are quicker at forgetting an old generation, the step is overtaken', async () => {
  const stage = aStage();
  await startRebuild(stage.deps, totals, 'org1');
  while ((await rebuildStep(stage.deps, totals, 'org1')).kind !== 'switched');
  const runTransaction = () => Promise.reject(new CodedError('contention', 'Others were.'));
  const overtaken = await rebuildStep({ ...stage.deps, runTransaction }, totals, 'org1');
  expect(overtaken).toEqual({ kind: 'overtaken' });
  expect(await rebuildStep(stage.deps, totals, 'org1')).toMatchObject({ kind: 'deleted' });
  expect(await rebuildStep(stage.deps, totals, 'org1')).toEqual({ kind: 'idle' });
});

describe('a rebuild of which something leaves for the archive', () => {
  const archive = 'archives/org1';

  /** A rebuild of small pages, one of which was made. */
  async function begun() {
    const stage = aStage();
    const deps = { ...stage.deps, pageSize: 10 };
    await startRebuild(deps, totals, 'org1');
    const step = () => rebuildStep(deps, totals, 'org1');
    expect(await step()).toMatchObject({ kind: 'replayed', rows: 10 });
    return { stage, step };
  }

  test('is refused, and goes on when all is back', async () => {
    const { stage, step } = await begun();
    stage.documents.byPath.set(archive, { events: 2, archived: 2 });
    expect((await codedErrorOf(step)).code).toBe('archived');
    expect(stage.countDocuments(totals)).toBe(10);
    stage.documents.byPath.set(archive, { events: 0, archived: 2 });
    await rebuildProjection(stage.deps, totals, 'org1');
    expect(stage.countDocuments(totals)).toBe(MATTERS);
  });

  test.each([
    ['and does not come back', { events: 2, archived: 2 }, 'archived'],
    ['and comes back', { events: 0, archived: 2 }, 'overtaken'],
  ])('while a page was read, %s, is not made of that page', async (_, state, outcome) => {
    const { stage } = await begun();
    const readPage: typeof stage.deps.readPage = async (orgId, asked) => {
      const page = await stage.deps.readPage(orgId, asked);
      stage.documents.byPath.set(archive, state);
      return page;
    };
    const step = rebuildStep({ ...stage.deps, readPage }, totals, 'org1');
    const codeOf = (error: unknown): unknown => (error as CodedError).code;
    expect(await step.then(({ kind }) => kind, codeOf)).toBe(outcome);
    expect(stage.countDocuments(totals)).toBe(10);
  });
});

describe('a step that an event stops', () => {
  const failing: Projection = {
    ...totals,
    apply: () => {
      throw new Error('no such amount');
    },
  };

  /** With something that comes before the second transaction: the one that keeps what stopped the step. */
  async function stopWith(stage: ProjectionStage, before: () => Promise<void>) {
    await startRebuild(stage.deps, failing, 'org1');
    let calls = 0;
    const runTransaction: typeof stage.deps.runTransaction = async (token, work) => {
      calls += 1;
      if (calls === 2) await before();
      return stage.deps.runTransaction(token, work);
    };
    return codedErrorOf(() => rebuildStep({ ...stage.deps, runTransaction }, failing, 'org1'));
  }

  test('does not bring a rebuild back that was given up meanwhile', async () => {
    const stage = aStage();
    const error = await stopWith(stage, () => abandonRebuild(stage.deps, failing, 'org1'));
    expect(error.code).toBe('projection-failed');
    const state = stage.documents.byPath.get(statePath(failing.id, 'org1'));
    expect(decodeGenerations(state)?.building).toBeNull();
  });

  test('says what stopped it where that cannot be kept', async () => {
    const error = await stopWith(aStage(), () => Promise.reject(new Error('unavailable')));
    expect(error).toMatchObject({ code: 'projection-failed', problems: [{ path: 'apply' }] });
  });
});
