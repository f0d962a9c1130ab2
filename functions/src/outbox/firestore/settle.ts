import type { DocumentSnapshot, Firestore, WriteResult } from 'firebase-admin/firestore';
import type { DocumentWrite } from '#kernel';
import { addWrite, ALREADY_EXISTS, grpcCode } from '#kernel/firestore';
import type { OutboxJob } from '../model/job.ts';
import { hasLanded } from '../model/landed.ts';
import { createRow, OUTBOX } from '../record/record-job.ts';
import type { Fence, JobRow, SettleResult, SettlingEffects } from '../store.ts';
import { fenceOf, isUnchanged, movedSince, rowOf, updateTimeOf } from './row.ts';
import { addMove } from './write-all.ts';

/** Settles a row and writes what its run caused, all or nothing: see `OutboxStore.settle`. */
export async function settleInOneCommit(
  firestore: Firestore,
  seen: Fence,
  ended: OutboxJob,
  effects: SettlingEffects,
): Promise<SettleResult> {
  let [fence, next, left] = [seen, ended, effects];
  for (;;) {
    try {
      const results = await commit(firestore, fence, next, left);
      return { kind: 'settled', started: withFences(left.started, results) };
    } catch (error) {
      const row = rowOf(await firestore.collection(OUTBOX).doc(next.id).get());
      if (row?.kind === 'job' && hasLanded(row.job, next)) {
        return { kind: 'settled', started: await readOwn(firestore, left.started) };
      }
      const moved = movedSince(row, { fence, next });
      if (moved !== undefined) {
        ({ fence, next } = moved);
        continue;
      }
      if (!isUnchanged(row, fence)) return { kind: 'lost' };
      if (grpcCode(error) !== ALREADY_EXISTS) return { kind: 'refused', error };
      const remaining = await leaveOutExisting(firestore, left);
      if (countCreates(remaining) === countCreates(left)) return { kind: 'refused', error };
      left = remaining;
    }
  }
}

/** The row comes first and the started children next: their write times are read off by position. */
function commit(
  firestore: Firestore,
  fence: Fence,
  next: OutboxJob,
  { writes, moves, removals = [], pending, started }: SettlingEffects,
): Promise<WriteResult[]> {
  const batch = firestore.batch();
  addMove(firestore, batch, { fence, next });
  for (const write of [...started.map(createRow), ...pending, ...writes]) {
    addWrite(firestore, batch, write);
  }
  for (const move of moves) addMove(firestore, batch, move);
  for (const removal of removals) {
    const lastUpdateTime = updateTimeOf(removal.fence);
    batch.delete(firestore.collection(OUTBOX).doc(removal.id), { lastUpdateTime });
  }
  return batch.commit();
}

function withFences(started: readonly OutboxJob[], results: readonly WriteResult[]): JobRow[] {
  return started.map((job, index) => {
    const result = results[index + 1];
    if (result === undefined) throw new Error('A commit answered with fewer results than writes.');
    return { kind: 'job', job, fence: fenceOf(result.writeTime, job) };
  });
}

/** Our commit won without telling us: the children's fences are in the rows. */
async function readOwn(firestore: Firestore, started: readonly OutboxJob[]): Promise<JobRow[]> {
  const snapshots = await readAll(firestore, started.map(pathOf));
  return snapshots.flatMap((snapshot, index) => {
    const row = rowOf(snapshot);
    const isOurs = row?.kind === 'job' && row.job.runId === started[index]?.runId;
    return isOurs ? [row] : [];
  });
}

/** An earlier run, or a twin of this one, wrote some of these already; they happen once. */
async function leaveOutExisting(
  firestore: Firestore,
  effects: SettlingEffects,
): Promise<SettlingEffects> {
  const creates = [...effects.writes, ...effects.pending].filter(({ kind }) => kind === 'create');
  const paths = [...creates.map(({ path }) => path), ...effects.started.map(pathOf)];
  const snapshots = await readAll(firestore, paths);
  const existing = new Set(snapshots.filter(({ exists }) => exists).map(({ ref }) => ref.path));
  const isNew = (write: DocumentWrite): boolean =>
    write.kind !== 'create' || !existing.has(write.path);
  return {
    ...effects,
    writes: effects.writes.filter(isNew),
    pending: effects.pending.filter(isNew),
    started: effects.started.filter((job) => !existing.has(pathOf(job))),
  };
}

function countCreates({ writes, pending, started }: SettlingEffects): number {
  return writes.length + pending.length + started.length;
}

function pathOf(job: OutboxJob): string {
  return `${OUTBOX}/${job.id}`;
}

async function readAll(
  firestore: Firestore,
  paths: readonly string[],
): Promise<DocumentSnapshot[]> {
  if (paths.length === 0) return [];
  return firestore.getAll(...paths.map((path) => firestore.doc(path)));
}
