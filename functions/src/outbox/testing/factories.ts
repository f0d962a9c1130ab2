import type {
  Effects,
  ExternalHandler,
  NewJob,
  TransactHandler,
  TransactionalHandler,
} from '../model/handler.ts';
import type { HistoryEntry, OutboxJob } from '../model/job.ts';
import type { RetryPolicy } from '../model/retry-policy.ts';
import type { Run } from '../model/transitions.ts';

/** When everything in these tests begins: 1 January 2030, 00:00 UTC. */
export const T0 = 1_893_456_000_000;

let made = 0;

/** A pending row, due at `T0`; say what matters. */
export function aJob(said: Partial<OutboxJob> = {}): OutboxJob {
  made += 1;
  return {
    id: `mail:org1:event${made}`,
    orgId: 'org1',
    jobType: 'mail',
    metadata: { correlationId: 'correlation1' },
    createdAt: T0,
    status: 'pending',
    slot: 0,
    attempts: 0,
    crashes: 0,
    runs: 0,
    redrives: 0,
    maxAttempts: 5,
    openedAt: T0,
    nextAttemptAt: T0,
    history: [],
    ...said,
  };
}

/** A row whose first run `run1` began at `T0` and whose lease ends a minute later. */
export function aRunningJob(said: Partial<OutboxJob> = {}): OutboxJob {
  return aJob({
    status: 'processing',
    attempts: 1,
    runs: 1,
    runId: 'run1',
    lease: { expiresAt: T0 + 60_000 },
    nextAttemptAt: T0 + 60_000,
    history: [anEntry()],
    ...said,
  });
}

/** The entry of a run that has not ended. */
export function anEntry(said: Partial<HistoryEntry> = {}): HistoryEntry {
  return { runId: 'run1', by: 'tick', attempt: 1, startedAt: T0, outcome: 'running', ...said };
}

/** A run by the tick with a lease of a minute. */
export function aRun(said: Partial<Run> = {}): Run {
  made += 1;
  const startedAtMs = said.startedAtMs ?? T0;
  const leaseEndsAtMs = startedAtMs + 60_000;
  return { runId: `fresh${made}`, by: 'tick', startedAtMs, leaseEndsAtMs, ...said };
}

/** The default delays, without jitter. */
export const PLAIN_POLICY: RetryPolicy = {
  initialMs: 60_000,
  multiplier: 2,
  maxMs: 960_000,
  maxAttempts: 5,
  jitter: 0,
  maxAgeMs: 259_200_000,
};

/** A handler that sends, and does nothing unless said. */
export function aSink(said: Partial<ExternalHandler> = {}): ExternalHandler {
  return {
    kind: 'external',
    jobType: 'mail',
    policy: PLAIN_POLICY,
    onUnknownOutcome: 'retry',
    send: () => Promise.resolve(),
    ...said,
  };
}

/** What a handler returns that wants nothing written. */
export const NO_EFFECTS: Effects = { writes: [], jobs: [] };

/** A handler that writes, and wants nothing written unless said. */
export function aWriter(said: Partial<TransactionalHandler> = {}): TransactionalHandler {
  return {
    kind: 'transactional',
    jobType: 'notif',
    policy: PLAIN_POLICY,
    handle: () => Promise.resolve(NO_EFFECTS),
    ...said,
  };
}

/** A handler that reads and writes in its settling transaction, and does neither unless said. */
export function aTransactor(said: Partial<TransactHandler> = {}): TransactHandler {
  return {
    kind: 'transactional',
    jobType: 'model',
    policy: PLAIN_POLICY,
    transact: () => Promise.resolve([]),
    ...said,
  };
}

/** A job to be written with its parent's settle. */
export function aChild(said: Partial<NewJob> = {}): NewJob {
  const metadata = { correlationId: 'correlation1' };
  return { jobType: 'mail', orgId: 'org1', causeId: 'child1', metadata, ...said };
}
