import type { Clock, Ids, Logger, Problem, Random } from '#kernel';
import { CodedError } from '#kernel';
import { problemsInHandler } from '../model/check-handler.ts';
import type { HandlerLookup, JobHandler } from '../model/handler.ts';
import type { SlotCounts } from '../model/slots.ts';
import type { Runner } from '../model/job.ts';
import type { JobEnd } from '../model/job-end.ts';
import type { OutboxStore } from '../store.ts';
import type { Breakers } from './breakers.ts';
import { createBreakers } from './breakers.ts';
import { Capacity } from './capacity.ts';
import { ControlsCache } from './controls-cache.ts';
import type { ProcessorLogs } from './logs.ts';
import { createProcessorLogs } from './logs.ts';
import type { ScaleOutParts } from './scale-out.ts';
import { ScaleOut } from './scale-out.ts';

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
  /** How long a sent row stays, in milliseconds; at least `KEEP_SENT_MS`, the default: 7 days. */
  readonly keepSentMs: number;
}

/** What a processor is made of. */
export interface ProcessorParts {
  readonly store: OutboxStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  readonly logger: Logger;
  readonly settings: ProcessorSettings;
  /** How other instances are called to a backlog. Default: not at all, each sweep works alone. */
  readonly scaleOut?: ScaleOutParts | undefined;
  /** Aborted when the instance is about to end: nothing is begun any more. Default: never. */
  readonly stopping?: AbortSignal | undefined;
  /**
   * Told of every run's end that was written, and of every dead letter without a run. It is called beside the
   * work: what takes time is not for it. Default: nobody.
   */
  readonly observe?: ((ended: JobEnd) => void) | undefined;
  /** Default: circuits that open for 30 s after 5 failures in a row. */
  readonly breakers?: Breakers | undefined;
}

/** An instance's processor: shared by all its invocations, with what they know together. */
export interface Processor extends Omit<ProcessorParts, 'scaleOut'> {
  readonly controls: ControlsCache;
  readonly breakers: Breakers;
  readonly logs: ProcessorLogs;
  readonly scaleOut: ScaleOut | undefined;
}

/** Puts a processor together. Starts no I/O and no timer. */
export function createProcessor(parts: ProcessorParts): Processor {
  const { store, clock, logger, scaleOut } = parts;
  const logs = createProcessorLogs(logger);
  return {
    ...parts,
    controls: new ControlsCache(store, clock),
    breakers: parts.breakers ?? createBreakers(clock, logs),
    logs,
    scaleOut: scaleOut && new ScaleOut(scaleOut),
  };
}

/** One invocation at work: everything its runs need to know. */
export interface Worker extends Processor {
  readonly by: Runner;
  readonly handlers: HandlerLookup;
  readonly capacity: Capacity;
  /** By the monotonic clock: the invocation is ended by the platform here. */
  readonly endsAtElapsedMs: number;
}

/** Puts one invocation to work, `budgetMs` before the platform ends it. */
export function openWorker(
  processor: Processor,
  { by, handlers, budgetMs }: { by: Runner; handlers: HandlerLookup; budgetMs: number },
): Worker {
  return {
    ...processor,
    by,
    handlers,
    capacity: new Capacity(processor.settings.concurrency),
    endsAtElapsedMs: processor.clock.elapsedMs() + budgetMs,
  };
}

/** How long this handler may take. */
export function timeoutOf(handler: JobHandler, settings: ProcessorSettings): number {
  return handler.timeoutMs ?? settings.timeoutMs;
}

/**
 * Refuses handlers that would never be started, would run beside another, or declare what cannot be: throws `invalid-setting` with the
 * name of each. `shortestBudgetMs`: what the shortest invocation that runs jobs can spend on one.
 */
export function refuseMisfits(
  handlers: readonly JobHandler[],
  settings: ProcessorSettings,
  shortestBudgetMs: number,
): void {
  const { leaseMs, startMarginMs } = settings;
  const mostMs = Math.min(leaseMs - 2 * startMarginMs, shortestBudgetMs - startMarginMs);
  const tooLong = handlers
    .filter((handler) => timeoutOf(handler, settings) > mostMs)
    .map(({ jobType }) => ({ path: jobType, message: `timeoutMs: expected at most ${mostMs}` }));
  const problems = [...sameIds(handlers), ...handlers.flatMap(problemsInHandler), ...tooLong];
  if (problems.length === 0) return;
  throw new CodedError('invalid-setting', 'A subscription cannot be run by any worker', problems);
}

/** One of them would run the jobs of both. */
function sameIds(handlers: readonly JobHandler[]): Problem[] {
  const ids = handlers.map(({ jobType }) => jobType);
  return ids
    .filter((id, index) => ids.indexOf(id) !== index)
    .map((path) => ({ path, message: 'is the id of two handlers' }));
}

/** Whether a handler started now would end, or be aborted, before the platform ends the invocation. */
export function hasTimeFor(worker: Worker, handler: JobHandler): boolean {
  return msLeft(worker) >= timeoutOf(handler, worker.settings) + worker.settings.startMarginMs;
}

/** Whether there is time for a handler of the usual length: without it no further page is read. */
export function hasTimeLeft(worker: Worker): boolean {
  return msLeft(worker) >= worker.settings.timeoutMs + worker.settings.startMarginMs;
}

/** When, by the monotonic clock, this share of the time that it has left is over. */
export function elapsedAfter({ clock, endsAtElapsedMs }: Worker, share: number): number {
  const nowMs = clock.elapsedMs();
  return nowMs + (endsAtElapsedMs - nowMs) * share;
}

/** None once the instance is to stop: what runs may end, and nothing is begun. */
function msLeft({ stopping, endsAtElapsedMs, clock }: Worker): number {
  return stopping?.aborted === true ? 0 : endsAtElapsedMs - clock.elapsedMs();
}
