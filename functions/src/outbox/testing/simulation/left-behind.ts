import { HOUR_MS, SECOND_MS } from '#kernel';
import { OUTBOX } from '../../record/record-job.ts';
import type { OutboxJob } from '../../model/job.ts';
import type { Invocation, JobFacts } from './facts.ts';
import { isInLine } from './facts.ts';
import { isBlocked } from './promises/lines.ts';
import { settingsOf } from './scenario.ts';
import type { World } from './world.ts';

/** What a tick has of its 110 s. */
export const TICK_BUDGET_MS = 88 * SECOND_MS;
/** How far back a tick looks that has looked at everything within the hour. */
const LOOK_BACK_MS = 2 * HOUR_MS;
const LARGE_BUDGET = 100;

/** The version of every row that a tick which starts now must find. */
export function dueRows({ documents, nowMs, judge }: World): ReadonlyMap<string, number> {
  const due = documents.list(OUTBOX).filter(([path, { data }]) => {
    // Nonsense may be where nobody looks.
    if (judge.ledger.job(path.slice(OUTBOX.length + 1)).isVandalised) return false;
    const { nextAttemptAt } = data;
    const dueMs = nextAttemptAt instanceof Date ? nextAttemptAt.getTime() : Infinity;
    return dueMs <= nowMs && dueMs > nowMs - LOOK_BACK_MS;
  });
  return new Map(due.map(([path, { version }]) => [path, version]));
}

/** After a run has given up its place, whoever waited only for it is run, or was never waiting. */
export function checkLinesGoOn(world: World, call: Invocation): void {
  if (!wasInPeace(world, call)) return;
  for (const job of world.judge.ledger.jobs.values()) {
    const next = job.starts.at(-1)?.invocation === call ? successorOf(job, world) : undefined;
    if (next?.status !== 'pending' || next.heldBy === undefined || next.crashes > 0) continue;
    world.judge.accuse('a line goes on', `${next.id} still waits after ${call.name}`);
  }
}

/** Who is first in the line that this job has left, unless nonsense is, or it is paused. */
function successorOf(job: JobFacts, { judge: { ledger } }: World): OutboxJob | undefined {
  if (job.place === undefined || isInLine(job)) return undefined;
  const line = ledger.line(job.place.orderingKey).filter(isInLine);
  const [head] = line.toSorted((a, b) => sequenceOf(a) - sequenceOf(b));
  if (head?.row?.pausedBy !== undefined) return undefined;
  return head === undefined || isBlocked(head, ledger) ? undefined : head.row;
}

function sequenceOf({ place }: JobFacts): number {
  return place?.sequence ?? 0;
}

/** Every visit moves the row: what was due before an undisturbed tick is not as it was after it. */
export function checkLeftBehind(
  world: World,
  call: Invocation,
  due: ReadonlyMap<string, number>,
): void {
  if (!wasInPeace(world, call)) return;
  for (const [path, version] of due) {
    const isSame = world.documents.get(path)?.version === version;
    if (isSame) world.judge.accuse('a tick leaves nothing due behind', `${path} by ${call.name}`);
  }
}

/** Whether nothing happened to it, and neither its time nor its budget was spent. */
function wasInPeace({ scenario }: World, call: Invocation): boolean {
  const { startedAtMs, endedAtMs = Infinity, process } = call;
  const { maxJobsPerRun, timeoutMs, startMarginMs } = settingsOf(scenario);
  const leftMs = TICK_BUDGET_MS - (endedAtMs - startedAtMs);
  if (leftMs < timeoutMs + startMarginMs || process.isDisturbedSince(startedAtMs)) return false;
  // Children that it runs count, too: where the budget is small it may well be spent.
  return maxJobsPerRun >= LARGE_BUDGET;
}
