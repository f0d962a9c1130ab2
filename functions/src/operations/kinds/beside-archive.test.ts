import { expect, test } from '@jest/globals';
import type { NewJob } from '#outbox';
import { besideArchive } from './beside-archive.ts';

const known = { events: 3, archived: 4, writtenAt: { seconds: 1, nanoseconds: 2 } };

interface Said {
  readonly jobs: number;
  /** '' for none. */
  readonly cursor: string;
  readonly dryRun: boolean;
}

/** A step that makes so many jobs, beside an archive of this state; what came of it, and in which order. */
async function step(
  state: typeof known | undefined,
  { jobs = 1, cursor = 'c1', dryRun = false }: Partial<Said> = {},
) {
  const calls: unknown[] = [];
  const archives = {
    state: () => {
      calls.push('state');
      return Promise.resolve({ state, readAtMs: 1 });
    },
  };
  const made = besideArchive(archives, (asked) => {
    calls.push(['page', asked.cursor]);
    const all = Array.from({ length: jobs }, () => ({}) as NewJob);
    return Promise.resolve({ seen: 2, done: jobs, reads: 2, jobs: all, cursor: 'c2' });
  });
  const asked = { params: { orgId: 'org1' }, cursor: cursor === '' ? undefined : cursor, dryRun };
  const result = await made(asked as never);
  return { calls, result };
}

test('what makes jobs is committed if the archive is as it was before the page was read', async () => {
  const { calls, result } = await step(known);
  expect(calls).toEqual(['state', ['page', 'c1']]);
  expect(result).toMatchObject({ seen: 2, reads: 3, cursor: 'c2' });
  const [data, unchangedSince] = [{ events: 3, archived: 4 }, known.writtenAt];
  expect(result.writes).toMatchObject([
    { kind: 'update', path: 'archives/org1', data, unchangedSince },
  ]);
});

test('where there is no archive its count is made first, of which the next is a condition', async () => {
  const { calls, result } = await step(undefined, { cursor: '' });
  expect(calls).toEqual(['state']);
  expect(result).toMatchObject({ seen: 0, done: 0, cursor: 'begun' });
  expect(result.writes).toMatchObject([{ kind: 'create', path: 'archives/org1' }]);
  expect((await step(known, { cursor: 'begun' })).calls).toEqual(['state', ['page', undefined]]);
});

test('what makes no jobs, or only counts, needs no archive to stay as it is', async () => {
  expect((await step(known, { jobs: 0 })).result.writes).toEqual([]);
  const dry = await step(undefined, { dryRun: true });
  expect(dry.result).toMatchObject({ seen: 2, cursor: 'c2', writes: [] });
});
