import type { Clock, Ids, Logger, Random } from '#kernel';
import { CodedError } from '#kernel';
import type { HandlerLookup, JobHandler } from '../model/handler.ts';
import type { SlotCounts } from '../model/slots.ts';
import type { Runner } from '../model/job.ts';
import type { OutboxStore } from '../store.ts';
import { Capacity } from './capacity.ts';
import type { ControlsCache } from './controls-cache.ts';
import type { ProcessorLogs } from './logs.ts';
import { createProcessorLogs } from './logs.ts';

/** How the engine works. All are settings of the deployment. */
export interface ProcessorSettings {
  /** How long a claim holds, in milliseconds. Default 60 000; at least timeoutMs + 2 × startMarginMs. */
  readonly leaseMs: number;
  /** How long a handler may take where its subscription does not say. Default 20 000. */
  readonly timeoutMs: number;
  /** What must be left of a lease and of the invocation beyond the handler's timeout. Default 5 000. */
  readonly startMarginMs: number;
  /** Jobs at a time per worker. Default 20. */
  readonly concurrency: number;
  /** Rows read at a time. Default 200. */
  readonly pageSize: number;
  /** Jobs one tick works through itself. Default 500. */
  readonly maxJobsPerRun: number;
  /** Slots that new jobs are spread over; default 8 normal, 4 bulk. */
  readonly slots: SlotCounts;
}

/** What a processor is made of; shared by all invocations of an instance. */
export interface ProcessorDeps {
  readonly store: OutboxStore;
  /** What operators set, shared by all invocations of the instance. */
  readonly controls: ControlsCache;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  readonly logger: Logger;
  readonly settings: ProcessorSettings;
}

/** One invocation at work: everything its runs need to know. */
export interface Worker extends ProcessorDeps {
  readonly by: Runner;
  readonly handlers: HandlerLookup;
  readonly capacity: Capacity;
  readonly logs: ProcessorLogs;
  /** By the monotonic clock: the invocation is ended by the platform here. */
  readonly endsAtElapsedMs: number;
}

/** Puts one invocation to work, `budgetMs` before the platform ends it. */
export function openWorker(
  deps: ProcessorDeps,
  { by, handlers, budgetMs }: { by: Runner; handlers: HandlerLookup; budgetMs: number },
): Worker {
  return {
    ...deps,
    by,
    handlers,
    capacity: new Capacity(deps.settings.concurrency),
    logs: createProcessorLogs(deps.logger),
    endsAtElapsedMs: deps.clock.elapsedMs() + budgetMs,
  };
}

/** How long this handler may take. */
export function timeoutOf(handler: JobHandler, settings: ProcessorSettings): number {
  return handler.timeoutMs ?? settings.timeoutMs;
}

/**
 * Refuses handlers that would never be started, or run beside another: throws `invalid-setting` with the
 * name of each. `shortestBudgetMs`: what the shortest invocation that runs jobs can spend on one.
 */
export function refuseMisfits(
  handlers: readonly JobHandler[],
  settings: ProcessorSettings,
  shortestBudgetMs: number,
): void {
  const { leaseMs, startMarginMs } = settings;
  const mostMs = Math.min(leaseMs - 2 * startMarginMs, shortestBudgetMs - startMarginMs);
  const problems = handlers
    .filter((handler) => timeoutOf(handler, settings) > mostMs)
    .map(({ jobType }) => ({ path: jobType, message: `timeoutMs: expected at most ${mostMs}` }));
  if (problems.length === 0) return;
  throw new CodedError('invalid-setting', 'A subscription takes longer than any worker', problems);
}

/** Whether a handler started now would end, or be aborted, before the platform ends the invocation. */
export function hasTimeFor(worker: Worker, handler: JobHandler): boolean {
  return msLeft(worker) >= timeoutOf(handler, worker.settings) + worker.settings.startMarginMs;
}

/** Whether there is time for a handler of the usual length: without it no further page is read. */
export function hasTimeLeft(worker: Worker): boolean {
  return msLeft(worker) >= worker.settings.timeoutMs + worker.settings.startMarginMs;
}

function msLeft(worker: Worker): number {
  return worker.endsAtElapsedMs - worker.clock.elapsedMs();
}
