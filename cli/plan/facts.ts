import { CPU_MS_PER_JOB, OPERATIONS } from './operations.ts';

/** A number that a plan rests on, and where it is from. */
export interface Fact {
  readonly value: number;
  readonly unit: string;
  readonly what: string;
  /** A page, a setting or a measurement; `assumed` is nobody's but ours. */
  readonly source: string;
}

const RUN_PRICES =
  'https://cloud.google.com/run/pricing (tier 1, billed by request, read in 2026-11)';
const STORE_PRICES =
  'https://firebase.google.com/docs/firestore/pipelines/pricing (us-central1, Standard, read in 2026)';
const CHECKED = 'as checked: functions/src/composition/settings.ts';
const MEASURED = 'measured: docs/how-to/measure.md';
const { fastPath, sweptJob, idleTick } = OPERATIONS;

/** Prices in US dollars, without free tiers, discounts and taxes. */
const prices = {
  readPrice: price(0.03 / 100_000, 'a document read', STORE_PRICES),
  writePrice: price(0.09 / 100_000, 'a document written', STORE_PRICES),
  deletePrice: price(0.01 / 100_000, 'a document deleted', STORE_PRICES),
  storagePrice: price(0.0002, 'a GiB for an hour', STORE_PRICES),
  cpuPrice: price(0.000_024, 'a vCPU for a second', RUN_PRICES),
  memoryPrice: price(0.000_002_5, 'a GiB of memory for a second', RUN_PRICES),
  requestPrice: price(0.4 / 1_000_000, 'an invocation', RUN_PRICES),
  schedulePrice: price(
    0.1,
    'a schedule for a month',
    'https://firebase.google.com/docs/functions/schedule-functions (read in 2026)',
  ),
};

const limits = {
  indexRate: {
    value: 500,
    unit: 'writes/s',
    what: 'into an index whose value only rises, softly',
    source: 'https://firebase.google.com/docs/firestore/quotas (read in 2026)',
  },
  triggerBytes: {
    value: 10_000_000,
    unit: 'B/s',
    what: 'of events that one function is given',
    source: 'https://cloud.google.com/functions/quotas (read in 2026)',
  },
  triggerHeld: {
    value: 10_000_000,
    unit: 'B',
    what: 'of events that one function is at work on at once',
    source: 'https://cloud.google.com/functions/quotas (read in 2026)',
  },
  mostInstances: {
    value: 100,
    unit: 'instances',
    what: 'of a function that is deployed without maxInstances, as all are',
    source:
      'https://cloud.google.com/functions/docs/configuring/max-instances (2nd gen, read in 2026)',
  },
  dispatchRate: {
    value: 500,
    unit: 'tasks/s',
    what: 'that one queue of Cloud Tasks dispatches',
    source:
      'https://cloud.google.com/tasks/docs/reference/rest/v2/projects.locations.queues (read in 2026)',
  },
  slotsOfAQuery: {
    value: 30,
    unit: 'slots',
    what: 'that one query can name',
    source: 'https://firebase.google.com/docs/firestore/query-data/queries (read in 2026)',
  },
  rampStart: {
    value: 500,
    unit: 'writes/s',
    what: 'that a new collection takes at once; half as many more every 5 min',
    source: 'https://firebase.google.com/docs/firestore/best-practices (read in 2026)',
  },
};

/** The defaults of the deployment: docs/reference/settings.md. */
const settings = {
  normalSlots: setting(8, 'slots', 'OUTBOX_NORMAL_SLOTS'),
  maxWorkers: setting(10, 'workers', 'OUTBOX_MAX_WORKERS'),
  mostSlots: fact(1_000, 'slots', 'OUTBOX_NORMAL_SLOTS, at most', CHECKED),
  mostWorkers: fact(1_000, 'workers', 'OUTBOX_MAX_WORKERS, at most', CHECKED),
  concurrency: setting(20, 'jobs', 'OUTBOX_CONCURRENCY'),
  timeoutMs: setting(20_000, 'ms', 'OUTBOX_TIMEOUT_MS'),
  jobsOfATick: setting(500, 'jobs', 'OUTBOX_MAX_JOBS_PER_RUN'),
  tickSeconds: setting(120, 's', 'OUTBOX_SCHEDULE'),
  triggerConcurrency: deployed(10, 'events', 'onDomainEventCreated, at once in an instance'),
  triggerMemory: deployed(0.25, 'GiB', 'onDomainEventCreated, of an instance'),
  workerMemory: deployed(0.5, 'GiB', 'outboxWorker, of an instance'),
  workerSeconds: deployed(432, 's', 'outboxWorker, until it calls itself again'),
};

const measured = {
  fastWrites: fact(
    fastPath.writes - 3,
    'writes',
    'to run a transactional job by the trigger',
    MEASURED,
  ),
  noticeWrites: fact(
    3,
    'writes',
    'for a recipient: notification, e-mail job, its settle',
    MEASURED,
  ),
  jobReads: fact(sweptJob.reads, 'reads', 'to run a job', MEASURED),
  jobWrites: fact(sweptJob.writes, 'writes', 'to run an external job, or one of a sweep', MEASURED),
  tickReads: fact(idleTick.reads, 'reads', 'of a tick that finds nothing', MEASURED),
  archiveReads: fact(1.04, 'reads', 'to archive an event', 'counted: docs/how-to/archive.md'),
  cpuMs: fact(CPU_MS_PER_JOB, 'ms', 'of a core for a job', MEASURED),
  envelopeBytes: fact(
    1_000,
    'B',
    'of an event besides its payload, at most',
    'measured: a test encodes one',
  ),
  jobBytes: fact(1_000, 'B', 'of a job, about', 'measured: a test encodes one'),
};

const assumed = {
  indexFactor: fact(2, '', 'index entries take as much room as the documents', 'assumed'),
  month: fact(2_592_000, 's', 'a month of 30 days', 'assumed'),
};

/** Everything a plan rests on, by the name that formulas have for it. */
export const FACTS = { ...measured, ...settings, ...limits, ...prices, ...assumed } as const;

/** The table of facts, or one with other numbers in it. */
export type Facts = Readonly<Record<keyof typeof FACTS, Fact>>;

function fact(value: number, unit: string, what: string, source: string): Fact {
  return { value, unit, what, source };
}

function price(value: number, what: string, source: string): Fact {
  return { value, unit: '$', what, source };
}

function setting(value: number, unit: string, name: string): Fact {
  return { value, unit, what: name, source: 'default: docs/reference/settings.md' };
}

function deployed(value: number, unit: string, what: string): Fact {
  return { value, unit, what, source: 'as deployed: test/deploy/manifest.golden.json' };
}
