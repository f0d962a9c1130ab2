import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { DocumentData } from '#kernel';
import { DAY_MS, HOUR_MS, isTypeName, MINUTE_MS } from '#kernel';
import { countingIds } from '../../kernel/testing/counting-ids.ts';
import { ManualClock } from '../../kernel/testing/manual-clock.ts';
import { pauseJobs, resumeJobs } from '../controls/pause.ts';
import { cancelJob } from '../dead-letters/cancel.ts';
import { planPurge } from '../dead-letters/purge.ts';
import { redriveJob } from '../dead-letters/redrive.ts';
import { createMemoryOutboxStore } from '../memory/memory-store.ts';
import type { JobHandler } from '../model/handler.ts';
import { PermanentError, RetryAfterError } from '../model/handler-errors.ts';
import type { OutboxJob } from '../model/job.ts';
import { cancel } from '../model/transitions.ts';
import type { Whereabouts } from '../model/transition-table.ts';
import { TRANSITIONS } from '../model/transition-table.ts';
import { decodeJob } from '../record/job-codec.ts';
import { createRow, recordPendingJob } from '../record/record-job.ts';
import { repairRows } from '../repair/repair-rows.ts';
import type { WorkerSaid } from '../testing/a-worker.ts';
import { aWorker, DEFAULT_SETTINGS } from '../testing/a-worker.ts';
import { aChild, aJob, aRunningJob, aSink, aWriter, T0 } from '../testing/factories.ts';
import { jobsOfEveryKind } from '../testing/jobs-of-every-kind.ts';
import type { DocumentChange } from '../testing/simulation/observed-documents.ts';
import { ObservedDocuments } from '../testing/simulation/observed-documents.ts';
import { runJobsNow } from './fast-path.ts';
import { sweep } from './sweep.ts';

const place = { orderingKey: 'mail:line', sequence: 2 };
const ids = countingIds('run');

/** The handlers of the type `mail`, by how they behave; `none`: nobody subscribed. */
const HANDLERS: Record<string, JobHandler[]> = {
  none: [],
  sends: [aSink()],
  fails: [aSink({ send: () => Promise.reject(new Error('no')) })],
  'fails for good': [aSink({ send: () => Promise.reject(new PermanentError('no')) })],
  'wants to wait': [aSink({ send: () => Promise.reject(new RetryAfterError(1, 'later')) })],
  hangs: [aSink({ send: () => new Promise(() => {}) })],
  'hangs, parked': [aSink({ onUnknownOutcome: 'park', send: () => new Promise(() => {}) })],
  'passes over': [
    aSink({ ordered: { onDeadLetter: 'pass-over' }, send: () => Promise.reject(new Error('no')) }),
  ],
  'fans out': [
    aWriter({
      jobType: 'mail',
      handle: async ({ runs }) => ({
        writes: [],
        jobs: ['a', 'b'].map((causeId) =>
          aChild({ causeId: `${causeId}${runs}`, jobType: 'child' }),
        ),
      }),
    }),
    aSink({ jobType: 'child' }),
  ],
  'writes nonsense': [
    aWriter({
      jobType: 'mail',
      handle: async () => ({ writes: [{ kind: 'update', path: 'a/none', data: {} }], jobs: [] }),
    }),
  ],
};

/** A world of one row, whose every change is noted. */
interface World {
  readonly id: string;
  readonly store: ReturnType<typeof createMemoryOutboxStore>;
  readonly tick: (said?: WorkerSaid) => Promise<void>;
  readonly trigger: () => Promise<void>;
  readonly repair: () => Promise<void>;
  readonly later: (ms: number) => void;
  readonly put: (job: OutboxJob) => void;
}

const seen = new Map<string, number>();

function whereaboutsOf(id: string, data: DocumentData | undefined): Whereabouts {
  if (data === undefined) return 'absent';
  // Parked, it is a dead letter, and as far from being a job as before.
  if (data['status'] === 'failed' && 'failure' in data) return 'failed';
  const decoded = decodeJob(id, data);
  const isJob = decoded.kind === 'job' && isTypeName(decoded.job.jobType);
  return isJob ? decoded.job.status : 'malformed';
}

function note({ path, before, after }: DocumentChange): void {
  const [collection, id = ''] = path.split('/');
  if (collection !== 'outbox') return;
  const way = `${whereaboutsOf(id, before)} → ${whereaboutsOf(id, after)}`;
  seen.set(way, (seen.get(way) ?? 0) + 1);
}

function openWorld(handlers: readonly JobHandler[], job: OutboxJob, edit: DocumentData): World {
  const clock = new ManualClock();
  let isWatching = false;
  const documents = new ObservedDocuments(
    () => T0 + clock.elapsedMs(),
    (changes) => changes.forEach((change) => isWatching && note(change)),
  );
  const put = (row: OutboxJob): void => {
    isWatching = false;
    documents.commit([{ write: createRow(row) }]);
    isWatching = true;
  };
  put(job);
  isWatching = false;
  const path = `outbox/${job.id}`;
  documents.commit([{ write: { kind: 'update', path, data: edit } }]);
  isWatching = true;
  const store = createMemoryOutboxStore(documents);
  /** To the end, by the timeouts of all that hang. */
  async function outlast(work: Promise<unknown>): Promise<void> {
    const state = { isOver: false };
    const over = work.finally(() => {
      state.isOver = true;
    });
    await turnOfTheLoop();
    while (!state.isOver) {
      clock.advance(DEFAULT_SETTINGS.timeoutMs);
      await turnOfTheLoop();
    }
    await over;
  }
  const worker = (said: WorkerSaid = {}) =>
    aWorker({ store, clock, ids, handlers, budgetMs: HOUR_MS, ...said });
  return {
    id: job.id,
    store,
    put,
    tick: (said) => outlast(sweep(worker(said), { lastFromZeroElapsedMs: undefined })),
    trigger: () => outlast(runJobsNow(worker({ by: 'trigger' }), [job.id])),
    repair: () => outlast(repairRows(worker(), { everything: true })),
    later: (ms) => clock.advance(ms),
  };
}

/** What workers do with a row, which depends on its handler. */
const RUNS: Record<string, (world: World) => Promise<unknown>> = {
  tick: ({ tick }) => tick(),
  trigger: ({ trigger }) => trigger(),
  'tick under a pause, and after it': async ({ store, tick, later }) => {
    const id = await pauseJobs(store, { orgId: 'org1' }, { by: 'op', reason: 'why' });
    await tick();
    await resumeJobs(store, id);
    later(MINUTE_MS);
    await tick();
  },
  'tick behind a head that waits': async ({ tick, put }) => {
    put(aJob({ ...place, sequence: 1, nextAttemptAt: T0 + HOUR_MS }));
    await tick();
  },
  'tick whose claim takes a lease’s time': async ({ store, tick, later }) => {
    const write: typeof store.write = async (fence, next) => {
      const written = await store.write(fence, next);
      later(DEFAULT_SETTINGS.leaseMs);
      return written;
    };
    await tick({ store: { ...store, write } });
  },
  'tick over pages full of its tenant': async ({ tick, put }) => {
    for (let n = 0; n < 3; n += 1) put(aJob({ nextAttemptAt: T0 - 1 }));
    await tick({ settings: { ...DEFAULT_SETTINGS, pageSize: 2 } });
  },
};

const repair = ({ repair: run }: World): Promise<void> => run();

/** As the step of an operation does, long after. */
async function purge({ store, id, put }: World): Promise<void> {
  const { rows } = await store.scan('all', { limit: 10 });
  const old = rows.filter((row) => row.id === id);
  const plans = old.map((row) => planPurge(row, { nowMs: T0 + 100 * DAY_MS, keepDays: 90 }));
  const removals = plans.flatMap((plan) => (plan.kind === 'planned' ? [plan.removal] : []));
  const step = aRunningJob();
  put(step);
  const [row] = (await store.readRows([step.id])).rows;
  const effects = { writes: [], moves: [], pending: [], started: [], removals };
  await store.settle(row!.fence, cancel(step), effects);
}

/** What operators and repair do with a row, whoever its handler is. */
const DEEDS: Record<string, (world: World) => Promise<unknown>> = {
  repair,
  purge,
  cancel: ({ store, id }) => cancelJob(store, id),
  redrive: ({ store, id }) => redriveJob(store, id),
  'redrive into its place': ({ store, id }) => redriveJob(store, id, { place, regainPlace: true }),
  'redrive into a line at work': async ({ store, id, put }) => {
    const lease = { expiresAt: T0 + 1 };
    const atWork = { status: 'processing', lease, nextAttemptAt: T0 + 1 } as const;
    put(aJob({ ...place, sequence: 3, ...atWork }));
    await redriveJob(store, id, { place, regainPlace: true });
  },
};

interface Scene {
  readonly handlers: readonly JobHandler[];
  readonly edit: DocumentData;
  readonly deed: (world: World) => Promise<unknown>;
}

const sinks = [aSink()];
const SCENES: readonly Scene[] = [
  ...Object.values(HANDLERS).flatMap((handlers) =>
    Object.values(RUNS).map((deed) => ({ handlers, edit: {}, deed })),
  ),
  ...Object.values(DEEDS).map((deed) => ({ handlers: sinks, edit: {}, deed })),
  // Edited by hand into what is no job.
  ...[{ status: 'dancing' }, { attempts: 'many' }].flatMap((edit) =>
    Object.values({ ...RUNS, ...DEEDS }).map((deed) => ({ handlers: sinks, edit, deed })),
  ),
  // Until repair finds it, this is a job that nobody has subscribed to.
  { handlers: sinks, edit: { jobType: 'No Type' }, deed: repair },
];

/** Answers how many worlds there were. */
async function playEverything(): Promise<number> {
  let worlds = 0;
  for (const { handlers, edit, deed } of SCENES) {
    for (const job of jobsOfEveryKind()) {
      await deed(openWorld(handlers, job, edit));
      worlds += 1;
    }
  }
  return worlds;
}

describe('whatever is done to rows of every kind', () => {
  let worlds: number;

  beforeAll(async () => {
    seen.clear();
    worlds = await playEverything();
    const documents = new ObservedDocuments(
      () => T0,
      (changes) => changes.forEach(note),
    );
    const emitted = recordPendingJob(aChild(), { slots: DEFAULT_SETTINGS.slots, maxAttempts: 5 });
    documents.commit([{ write: emitted }]);
  }, 120_000);

  /** The database itself deletes, by `expireAt`. */
  const made = TRANSITIONS.filter(({ by }) => by !== 'expireAt');
  const ways = [...new Set(made.map(({ from, to }) => `${from} → ${to}`))];

  test('they go only where the table of transitions says', () => {
    expect(worlds).toBeGreaterThan(4_000);
    expect([...seen.keys()].filter((way) => !ways.includes(way))).toEqual([]);
  });

  test.each(ways)('some go %s', (way) => {
    expect(seen.get(way) ?? 0).toBeGreaterThan(0);
  });
});
