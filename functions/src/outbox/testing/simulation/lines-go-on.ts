import type { OutboxJob } from '../../model/job.ts';
import type { Invocation, JobFacts } from './facts.ts';
import { isInLine } from './facts.ts';
import type { Tick } from './left-behind.ts';
import { wasInPeace } from './left-behind.ts';
import { isBlocked } from './promises/lines.ts';
import type { World } from './world.ts';

/**
 * After a run has given up its place, whoever waited only for it is run, or was never waiting. Where
 * workers are about, one may still hold a row back for another that has just ended: its due time is near.
 */
export function checkLinesGoOn(world: World, { call }: Tick): void {
  if (!wasInPeace(world, call) || hadCompany(world, call)) return;
  for (const job of world.judge.ledger.jobs.values()) {
    const next = job.starts.at(-1)?.invocation === call ? successorOf(job, world) : undefined;
    if (next === undefined || !isLeftWaiting(next) || wasHeldBack(next, call)) continue;
    world.judge.accuse('a line goes on', `${next.id} still waits after ${call.name}`);
  }
}

function hadCompany({ calls }: World, { startedAtMs }: Invocation): boolean {
  return calls.workers.some(({ call: { endedAtMs = Infinity } }) => endedAtMs >= startedAtMs);
}

/** Who is first in the line that this job has left, unless nonsense is, or its own time has not come. */
function successorOf(job: JobFacts, { nowMs, judge: { ledger } }: World): JobFacts | undefined {
  if (job.place === undefined || isInLine(job)) return undefined;
  const line = ledger.line(job.place.orderingKey).filter(isInLine);
  const [head] = line.toSorted((a, b) => sequenceOf(a) - sequenceOf(b));
  if (head === undefined || head.isVandalised || isBlocked(head, ledger)) return undefined;
  return (head.notBeforeMs ?? 0) > nowMs ? undefined : head;
}

function sequenceOf({ place }: JobFacts): number {
  return place?.sequence ?? 0;
}

function isLeftWaiting({ row }: JobFacts): boolean {
  return row?.heldBy !== undefined && isRunnable(row);
}

function isRunnable({ status, crashes, pausedBy }: OutboxJob): boolean {
  return status === 'pending' && crashes === 0 && pausedBy === undefined;
}

/** By an operator, say, just when this call was about to claim it. */
function wasHeldBack({ written }: JobFacts, { process, startedAtMs }: Invocation): boolean {
  return written !== undefined && written.by !== process && written.atMs >= startedAtMs;
}
