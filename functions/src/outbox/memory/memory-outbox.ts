import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { DocumentData, LogEntry } from '#kernel';
import { countingIds, fixedRandom } from '../../kernel/testing/counting-ids.ts';
import { ManualClock } from '../../kernel/testing/manual-clock.ts';
import type { JobHandler, NewJob } from '../model/handler.ts';
import type { OutboxJob } from '../model/job.ts';
import { jobId } from '../model/job-id.ts';
import { DEFAULT_RETRY_POLICY } from '../model/retry-policy.ts';
import { createBreakers } from '../processor/breakers.ts';
import { ControlsCache } from '../processor/controls-cache.ts';
import { createProcessorLogs } from '../processor/logs.ts';
import { runJobsNow } from '../processor/fast-path.ts';
import type { SweepMemory } from '../processor/sweep.ts';
import { sweep } from '../processor/sweep.ts';
import type { SweepReport } from '../processor/tally.ts';
import type { ProcessorSettings, Worker } from '../processor/worker.ts';
import { decodeJob } from '../record/job-codec.ts';
import { OUTBOX, recordPendingJob } from '../record/record-job.ts';
import type { OutboxStore } from '../store.ts';
import { aWorker, DEFAULT_SETTINGS, KeptLogs } from '../testing/a-worker.ts';
import { diesAfterItsHandlers } from './dying-handlers.ts';
import { MemoryDocuments } from './memory-documents.ts';
import { createMemoryOutboxStore } from './memory-store.ts';

/** 1 January 2030, 00:00 UTC. */
const DEFAULT_START_MS = 1_893_456_000_000;

/** What a test opens its outbox with. */
export interface MemoryOutboxOptions {
  /** Who runs the jobs; each by its `jobType`. */
  readonly handlers: readonly JobHandler[];
  /** The server's time at the beginning, in milliseconds since the epoch. Default: 1 January 2030. */
  readonly startMs?: number;
  /** What differs from the deployment's defaults. */
  readonly settings?: Partial<ProcessorSettings>;
}

/** A job as a test records it. Left out: `orgId` is `org1`, `causeId` `event1`, `event2`, … */
export type RecordedJob = Pick<NewJob, 'jobType'> & Partial<NewJob>;

/** What happens while handlers are at work. */
export interface HandlersAtWork {
  /** How long they take, in milliseconds; default 0. At its timeout a handler is aborted. */
  readonly handlersTakeMs?: number;
}

/**
 * The real engine over documents in memory: for tests of handlers, without an emulator. Time stands
 * still until the test moves it; jitter is 0, so that retries are due when their policy says.
 */
export interface MemoryOutbox {
  /** Everything stored, to be read and, as an operator would by hand, changed. */
  readonly documents: MemoryDocuments;
  /** For what operators do: `pauseJobs`, `redriveJob`, `cancelJob`, … */
  readonly store: OutboxStore;
  /** What the engine logged, oldest first. */
  readonly logs: readonly LogEntry[];
  /** The time here, in milliseconds since the epoch. */
  readonly nowMs: () => number;
  /** Lets `ms` milliseconds pass. Runs nothing: that is what `tick` is for. */
  readonly later: (ms: number) => void;
  /** Writes a job as an emit does, due at once unless `notBefore`; answers its id. */
  readonly record: (job: RecordedJob) => string;
  /** One scheduled tick: everything due, as in the deployment. */
  readonly tick: (during?: HandlersAtWork) => Promise<SweepReport>;
  /** What the trigger does when an event with these jobs is written: the fast path. */
  readonly trigger: (...jobIds: readonly string[]) => Promise<void>;
  /**
   * A tick whose worker is lost after its handlers have done their work, and before any end is written:
   * why a handler has to bear being called twice. The job's lease ends a minute later (`leaseMs`), and
   * the tick after that runs it again.
   */
  readonly tickThatDies: () => Promise<void>;
  /** The job as stored now. Throws where there is none by this id, or no job any more. */
  readonly job: (id: string) => OutboxJob;
  /** The fields of any document; undefined where there is none. */
  readonly read: (path: string) => DocumentData | undefined;
}

/** Opens an empty outbox in memory. */
export function openMemoryOutbox(options: MemoryOutboxOptions): MemoryOutbox {
  const { startMs = DEFAULT_START_MS, handlers } = options;
  const settings = { ...DEFAULT_SETTINGS, ...options.settings };
  const clock = new ManualClock();
  const nowMs = (): number => startMs + clock.elapsedMs();
  const documents = new MemoryDocuments(nowMs);
  const store = createMemoryOutboxStore(documents);
  const controls = new ControlsCache(store, clock);
  const [logger, ids, causes] = [new KeptLogs(), countingIds('run-'), countingIds('event')];
  const breakers = createBreakers(clock, createProcessorLogs(logger));
  const memory: SweepMemory = { lastFromZeroElapsedMs: undefined };

  function open(by: Worker['by'], said: Parameters<typeof aWorker>[0] = {}): Worker {
    const random = fixedRandom();
    const deps = { store, controls, breakers, clock, ids, random, logger, settings };
    return aWorker({ ...deps, by, handlers, ...said });
  }

  function record(said: RecordedJob): string {
    const causeId = causes.documentId();
    const job = { orgId: 'org1', causeId, metadata: { correlationId: causeId }, ...said };
    const handler = handlers.find(({ jobType }) => jobType === job.jobType);
    const { maxAttempts } = handler?.policy ?? DEFAULT_RETRY_POLICY;
    documents.commit([{ write: recordPendingJob(job, { slots: settings.slots, maxAttempts }) }]);
    return jobId({ ...job, recipient: job.recipientUid });
  }

  return {
    documents,
    store,
    logs: logger.entries,
    nowMs,
    later: (ms) => clock.advance(ms),
    record,
    tick: async ({ handlersTakeMs = 0 } = {}) => {
      const swept = sweep(open('tick'), memory);
      // By then everything that needs no time is done: claims are written, handlers are at work.
      if (handlersTakeMs > 0) await turnOfTheLoop();
      clock.advance(handlersTakeMs);
      return swept;
    },
    trigger: async (...jobIds) => {
      await runJobsNow(open('trigger'), jobIds);
    },
    tickThatDies: async () => {
      const dying = diesAfterItsHandlers(handlers);
      // Its clock stands still for ever: a worker that is gone aborts nobody.
      const worker = open('tick', { handlers: dying.handlers, clock: new ManualClock() });
      await Promise.race([sweep(worker, { lastFromZeroElapsedMs: undefined }), turnOfTheLoop()]);
      await dying.done();
    },
    job: (id) => jobAt(documents, id),
    read: (path) => documents.get(path)?.data,
  };
}

function jobAt(documents: MemoryDocuments, id: string): OutboxJob {
  const data = documents.get(`${OUTBOX}/${id}`)?.data;
  if (data === undefined) throw new Error(`There is no job ${id}.`);
  const decoded = decodeJob(id, data);
  if (decoded.kind === 'malformed') throw new Error(`${id} is no job: ${decoded.problem}`);
  return decoded.job;
}
