import type { JobHandler, SinkJob } from '../model/handler.ts';
import type { OutboxJob } from '../model/job.ts';
import type { Pickup } from '../model/pickup.ts';
import { decidePickup } from '../model/pickup.ts';
import type { Worker } from './worker.ts';

/** Decides on a row by what this worker knows: its subscriptions, what is paused, which sinks fail. */
export async function pickUp(worker: Worker, job: OutboxJob, nowMs: number): Promise<Pickup> {
  const pauses = await worker.controls.pauses();
  const handler = worker.handlers(job.jobType);
  return decidePickup(job, handler, { nowMs, pauses, openForMs: openForMs(worker, handler, job) });
}

/** How long the job's sink must be left alone; 0 where it may be called, or there is none. */
export function openForMs(worker: Worker, handler: JobHandler | undefined, job: SinkJob): number {
  return handler?.kind === 'external' ? worker.breakers.openForMs(sinkOf(handler, job)) : 0;
}

/** The name of the circuit of the sink that a job is sent to. */
export function sinkOf(
  { sink, jobType }: Extract<JobHandler, { readonly kind: 'external' }>,
  job: SinkJob,
): string {
  return (typeof sink === 'function' ? sink(job) : sink) ?? jobType;
}
