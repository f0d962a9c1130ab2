import type { Delivery, JobFacts, RunFacts } from '../facts.ts';
import { isAtWork, isExcused } from '../facts.ts';
import { jobTypeOf } from '../job-types.ts';
import type { CallEvent, Check, DeliveryEvent, PromiseCheck } from '../promise.ts';

const isClaimedBefore: Check<DeliveryEvent> = ({ delivery: { run, runs }, job }) =>
  run.startedAs === runs
    ? undefined
    : `${job.id}: sent by ${run.runId} as run ${runs}, but it began as ${run.startedAs}`;

const tellsRunsApart: Check<DeliveryEvent> = ({ delivery, job }) => {
  const same = othersOf(job, delivery).some(({ runs }) => runs === delivery.runs);
  return same ? `${job.id}: run ${delivery.runs} was sent twice` : undefined;
};

/** After a crash or an outlived lease, or where the sink's answer did not come. */
const repeatsOnlyForACause: Check<DeliveryEvent> = ({ delivery, job }) => {
  const { run } = delivery;
  if (isExcused(run) || run.call?.isAborted === true) return undefined;
  const without = othersOf(job, delivery).find((other) => !leftDoubt(other.run));
  if (without === undefined) return undefined;
  return `${job.id}: sent again by ${run.runId}, but ${without.run.runId} had no trouble`;
};

function othersOf({ deliveries }: JobFacts, delivery: Delivery): Delivery[] {
  return deliveries.filter((other) => other !== delivery);
}

/** The engine could not know that it had arrived. */
function leftDoubt(run: RunFacts): boolean {
  const { result, isAborted } = run.call ?? {};
  return isExcused(run) || isAborted === true || result === 'failure' || result === 'unknown';
}

const runsOnce: Check<CallEvent> = ({ call: { run }, job }) =>
  run.call === undefined ? undefined : `${job.id}: ${run.runId} called its handler twice`;

const runsOneAtATime: Check<CallEvent> = ({ call: { run }, job }) => {
  // Without a claim, or after a long sleep, it may be in vain, and knows no better.
  if (run.startedAs === undefined || isExcused(run)) return undefined;
  const other = job.starts.find((start) => start !== run && isAtWork(start));
  return other === undefined ? undefined : `${job.id}: ${run.runId} begun beside ${other.runId}`;
};

const isDeliveredIfSent: Check<JobFacts> = ({ id, row, deliveries }) => {
  const isSent = row?.status === 'sent' && jobTypeOf(row.jobType)?.kind === 'external';
  return isSent && deliveries.length === 0 ? `${id}: sent, but never delivered` : undefined;
};

export const DELIVERIES: PromiseCheck = {
  name: 'deliveries happen at least once, and twice only for a cause',
  deliveries: [isClaimedBefore, tellsRunsApart, repeatsOnlyForACause],
  calls: [runsOnce, runsOneAtATime],
  jobsAtEnd: [isDeliveredIfSent],
};
