import { describe, expect, test } from '@jest/globals';
import { cancel, redrive } from '../../model/transitions.ts';
import type { JobRow } from '../../store.ts';
import { aJob, aRunningJob, T0 } from '../factories.ts';
import type { Bench, MakeStore } from './bench.ts';
import { effects, openBench, sent } from './bench.ts';

const failure = { reason: 'permanent', at: T0 } as const;
const write = { kind: 'create', path: 'things/t', data: {} } as const;

interface Scene {
  readonly bench: Bench;
  readonly row: JobRow;
  readonly dead: JobRow;
  readonly waiting: JobRow;
}

/** A job that runs, and two that its settle is to move. */
async function openScene(makeStore: MakeStore): Promise<Scene> {
  const bench = await openBench(makeStore);
  const row = await bench.given(aRunningJob());
  const dead = await bench.given(aJob({ status: 'failed', failure, nextAttemptAt: undefined }));
  return { bench, row, dead, waiting: await bench.given(aJob()) };
}

/** Settles with one sent round again and one taken out. */
function settle({ bench, row, dead, waiting }: Scene) {
  const moves = [
    { fence: dead.fence, next: redrive(dead.job, T0) },
    { fence: waiting.fence, next: cancel(waiting.job) },
  ];
  return bench.store.settle(row.fence, sent(row.job), effects({ writes: [write], moves }));
}

async function statusesIn({ bench, row, dead, waiting }: Scene): Promise<string[]> {
  const rows = await Promise.all([row, dead, waiting].map(({ job }) => bench.row(job.id)));
  return rows.map(({ job }) => job.status);
}

export function describeMoves(makeStore: MakeStore): void {
  describe('a settle that moves other rows', () => {
    test('commits them with the row and its effects', async () => {
      const scene = await openScene(makeStore);
      expect(await settle(scene)).toEqual({ kind: 'settled', started: [] });
      expect(await statusesIn(scene)).toEqual(['sent', 'pending', 'cancelled']);
      expect(await scene.bench.exists(write.path)).toBe(true);
    });

    test('that was sent twice unseen has settled once', async () => {
      const scene = await openScene(makeStore);
      await settle(scene);
      expect(await settle(scene)).toMatchObject({ kind: 'settled' });
      expect((await scene.bench.row(scene.dead.job.id)).job.redrives).toBe(1);
    });

    test('is refused, and nothing is written, where one of them has changed meanwhile', async () => {
      const scene = await openScene(makeStore);
      await scene.bench.claimElsewhere(scene.waiting.job.id);
      expect(await settle(scene)).toMatchObject({ kind: 'refused' });
      expect(await statusesIn(scene)).toEqual(['processing', 'failed', 'processing']);
      expect(await scene.bench.exists(write.path)).toBe(false);
    });

    test('is refused where one of them is gone', async () => {
      const scene = await openScene(makeStore);
      const path = `outbox/${scene.dead.job.id}`;
      await scene.bench.write([{ kind: 'delete', path }]);
      expect(await settle(scene)).toMatchObject({ kind: 'refused' });
      expect(await scene.bench.exists(path)).toBe(false);
      expect((await scene.bench.row(scene.waiting.job.id)).job.status).toBe('pending');
    });

    test('moves them even where an effect exists already', async () => {
      const scene = await openScene(makeStore);
      await scene.bench.write([write]);
      expect(await settle(scene)).toEqual({ kind: 'settled', started: [] });
      expect(await statusesIn(scene)).toEqual(['sent', 'pending', 'cancelled']);
    });

    test('is lost where the row is no longer its run’s, and moves nothing', async () => {
      const scene = await openScene(makeStore);
      await scene.bench.claimElsewhere(scene.row.job.id);
      expect(await settle(scene)).toEqual({ kind: 'lost' });
      expect(await statusesIn(scene)).toEqual(['processing', 'failed', 'pending']);
    });
  });

  describe('a settle that removes other rows', () => {
    const remove = ({ bench, row, dead, waiting }: Scene) => {
      const removals = [dead, waiting].map(({ job: { id }, fence }) => ({ id, fence }));
      return bench.store.settle(row.fence, sent(row.job), effects({ writes: [write], removals }));
    };
    const areThere = ({ bench, dead, waiting }: Scene) =>
      Promise.all([dead, waiting].map(({ job }) => bench.exists(`outbox/${job.id}`)));

    test('commits that with the row and its effects, once however often it is sent', async () => {
      const scene = await openScene(makeStore);
      expect(await remove(scene)).toEqual({ kind: 'settled', started: [] });
      expect(await areThere(scene)).toEqual([false, false]);
      expect(await scene.bench.exists(write.path)).toBe(true);
      expect(await remove(scene)).toMatchObject({ kind: 'settled' });
    });

    test('is refused, and nothing is removed, where one of them has changed meanwhile', async () => {
      const scene = await openScene(makeStore);
      await scene.bench.claimElsewhere(scene.waiting.job.id);
      expect(await remove(scene)).toMatchObject({ kind: 'refused' });
      expect(await areThere(scene)).toEqual([true, true]);
      expect(await scene.bench.exists(write.path)).toBe(false);
    });
  });
}
