import type { OutboxJob } from '../model/job.ts';
import { aJob, anEntry, aRunningJob, T0 } from './factories.ts';

/** A lease that ran out at `T0`. */
const RAN_OUT = { lease: { expiresAt: T0 }, nextAttemptAt: T0 };
const CLOSED = { nextAttemptAt: undefined, lease: undefined };
const IN_LINE = { orderingKey: 'mail:line', sequence: 2 };
const failure = { reason: 'permanent', at: T0 } as const;

/** A job in every state. */
const IN_EVERY_STATE: readonly Partial<OutboxJob>[] = [
  aJob(),
  aRunningJob(RAN_OUT),
  aRunningJob({
    ...CLOSED,
    status: 'sent',
    history: [anEntry({ outcome: 'sent', endedAt: T0 })],
    sentAt: T0,
    expireAt: T0 + 1_000,
  }),
  aRunningJob({ ...CLOSED, status: 'failed', failure }),
  aJob({ ...CLOSED, status: 'cancelled' }),
];

/** What can be so of a job in any state, by its own fault or by an edit by hand. */
const OF_EVERY_KIND: readonly Partial<OutboxJob>[] = [
  {},
  IN_LINE,
  { ...IN_LINE, blocking: true },
  { ...IN_LINE, heldBy: 'mail:org1:first' },
  { crashes: 1, runs: 3 },
  { crashes: 2, runs: 3 },
  { attempts: 4, runs: 4 },
  { attempts: 5, runs: 5 },
  { pausedBy: 'org:org1', nextAttemptAt: undefined },
  { unroutableSince: T0 - 86_400_000 },
  { openedAt: T0 - 30 * 86_400_000 },
  { nextAttemptAt: T0 },
  { nextAttemptAt: undefined },
  { slot: 999 },
];

/** Jobs in every state, and of every kind that a state may be of; each time with ids of their own. */
export function jobsOfEveryKind(): OutboxJob[] {
  return IN_EVERY_STATE.flatMap((state) =>
    OF_EVERY_KIND.map((kind) => aJob({ ...state, id: aJob().id, ...kind })),
  );
}
