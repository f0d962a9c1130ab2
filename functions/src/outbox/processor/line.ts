import { ServerTime } from '#kernel';
import { isClaimable } from '../model/ordering.ts';
import { isSuspect } from '../model/pickup.ts';
import type { Row } from '../store.ts';
import type { VisitEnd } from './visit.ts';
import { visitRow } from './visit.ts';
import type { Worker } from './worker.ts';
import { hasTimeLeft } from './worker.ts';

/** The first of a line as just read; `row` is undefined where nobody stands in it any more. */
export interface Head {
  readonly row: Row | undefined;
  readonly time: ServerTime;
}

export async function readHead(worker: Worker, orderingKey: string): Promise<Head> {
  const { rows, readAtMs } = await worker.store.readLine(orderingKey, 1);
  return { row: rows[0], time: new ServerTime(worker.clock, readAtMs) };
}

/** How far this worker came in a line. */
export interface LineProgress {
  readonly ends: readonly VisitEnd[];
  /** The jobs it visited, by id. */
  readonly visited: ReadonlySet<string>;
  /** Who is first now, and is not for this worker to run now. */
  readonly head: Head;
}

/**
 * Runs the head of a line and then whoever is head next, for as long as each gives up its place. That is
 * speed; what is not reached here is found by its own due time.
 * A suspect head is left to a moment when it can run alone.
 */
export async function followLine(worker: Worker, orderingKey: string): Promise<LineProgress> {
  const ends: VisitEnd[] = [];
  const visited = new Set<string>();
  let head = await readHead(worker, orderingKey);
  while (mayRun(worker, head, visited)) {
    visited.add(head.row.job.id);
    ends.push(...(await visitRow(worker, head.row, head.time)));
    head = await readHead(worker, orderingKey);
  }
  return { ends, visited, head };
}

/** A head that was visited and is still first was retried, blocks, or is somebody else's. */
function mayRun(
  worker: Worker,
  head: Head,
  visited: ReadonlySet<string>,
): head is Head & { row: Extract<Row, { kind: 'job' }> } {
  const { row, time } = head;
  if (row?.kind !== 'job' || visited.has(row.job.id) || !hasTimeLeft(worker)) return false;
  return isClaimable(row.job, time.nowMs()) && !isSuspect(row.job);
}
