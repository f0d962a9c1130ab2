import { MINUTE_MS, ServerTime } from '#kernel';
import type { Pause } from '../model/controls.ts';
import { withoutPause } from '../model/controls.ts';
import { resume } from '../model/transitions.ts';
import { moveRow, visitRow } from './visit.ts';
import type { Worker } from './worker.ts';
import { hasTimeLeft } from './worker.ts';

/**
 * How long after a resume rows may still be paused by workers that have not heard of it: their knowledge
 * is seconds old, and a write of theirs may be under way.
 */
const ECHO_MS = MINUTE_MS;

/**
 * Makes the rows of a pause that is being resumed due again, until `untilElapsedMs` at most; ends it once a
 * late look finds none.
 */
export async function resumePaused(
  worker: Worker,
  pause: Pause,
  untilElapsedMs: number,
): Promise<void> {
  const { resumingSinceMs } = pause;
  if (resumingSinceMs === undefined) return;
  while (hasTimeLeft(worker) && worker.clock.elapsedMs() < untilElapsedMs) {
    const { rows, readAtMs } = await worker.store.findPaused(pause.id, worker.settings.pageSize);
    if (rows.length === 0) {
      if (readAtMs - resumingSinceMs < ECHO_MS) return;
      await worker.store.editControls((table) => withoutPause(table, pause));
      return;
    }
    const time = new ServerTime(worker.clock, readAtMs);
    // What is no job any more is parked: it would be found for ever.
    const visits = rows.map((row) =>
      row.kind === 'job'
        ? moveRow(worker, row, resume(row.job, readAtMs), 'moved')
        : visitRow(worker, row, time),
    );
    const ends = (await Promise.all(visits)).flat();
    if (!ends.some((end) => end === 'moved' || end === 'failed')) return;
  }
}
