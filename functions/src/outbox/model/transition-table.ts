import type { JobStatus } from './job.ts';

/** Where a row can be: in a state, not there, or there without being a job (edited by hand, say). */
export type Whereabouts = JobStatus | 'absent' | 'malformed';

/** One way from state to state. */
export interface Transition {
  readonly from: Whereabouts;
  readonly to: Whereabouts;
  /** The function of `transitions.ts` that makes it, or who does where none of them has a part in it. */
  readonly by: string;
  /** What causes it, in the words of the diagram. */
  readonly cause: string;
}

type Way = readonly [from: Whereabouts, to: Whereabouts, cause: string];

/** In the order of a job's life; of the same two states, in the order that the diagram names them. */
const WAYS: Readonly<Record<string, readonly Way[]>> = {
  recordPendingJob: [['absent', 'pending', 'emit, fan-out']],
  startNewJob: [['absent', 'processing', 'fan-out that runs its own children']],
  startRun: [
    ['pending', 'processing', 'claim'],
    ['processing', 'processing', 'claimed again after its lease ran out'],
  ],
  endRun: [
    ['processing', 'sent', 'success'],
    ['processing', 'pending', 'failed attempt, retry-after, event not known yet'],
    ['processing', 'failed', 'attempts spent, permanent, expired, unknown outcome'],
  ],
  // The fast path begins and ends a transactional job in one write.
  'startRun, endRun': [
    ['pending', 'sent', 'success on the fast path'],
    ['pending', 'pending', 'failed attempt on the fast path'],
    ['pending', 'failed', 'last attempt failed on the fast path'],
  ],
  release: [['processing', 'pending', 'released before it began']],
  failWithoutRun: [
    ['pending', 'failed', 'unroutable'],
    ['processing', 'failed', 'poison, unroutable'],
  ],
  pushBack: [
    ['pending', 'pending', 'no subscription yet, no time for a suspect'],
    ['processing', 'processing', 'no subscription yet, no time for a suspect'],
  ],
  hold: [
    ['pending', 'pending', 'held in its line, a suspect set aside'],
    ['processing', 'processing', 'held in its line, a suspect set aside'],
  ],
  pause: [
    ['pending', 'pending', 'paused'],
    ['processing', 'processing', 'paused'],
  ],
  resume: [
    ['pending', 'pending', 'resumed'],
    ['processing', 'processing', 'resumed'],
  ],
  moveToSlot: [['pending', 'pending', 'moved to a bulk slot']],
  redrive: [
    ['failed', 'pending', 'redrive'],
    ['cancelled', 'pending', 'redrive'],
  ],
  standInLine: [
    ['failed', 'failed', 'back in its line'],
    ['cancelled', 'cancelled', 'back in its line'],
  ],
  leaveLine: [
    ['failed', 'failed', 'out of it again'],
    ['cancelled', 'cancelled', 'out of it again'],
  ],
  cancel: [
    ['pending', 'cancelled', 'cancel'],
    ['processing', 'cancelled', 'cancel while paused'],
    ['failed', 'cancelled', 'cancel'],
    ['cancelled', 'cancelled', 'cancel'],
  ],
  withoutDueTime: [
    ['sent', 'sent', 'mended'],
    ['failed', 'failed', 'mended'],
    ['cancelled', 'cancelled', 'mended'],
  ],
  repairRows: [
    ['pending', 'pending', 'mended'],
    ['processing', 'processing', 'mended'],
  ],
  park: [['malformed', 'failed', 'parked']],
  expireAt: [['sent', 'absent', 'deleted 7 days later']],
  planPurge: [
    ['failed', 'absent', 'purged 90 days later'],
    ['cancelled', 'absent', 'purged 90 days later'],
  ],
};

/**
 * Every way there is, and no other: what the diagrams show. Tests hold it to the functions that make
 * the transitions, to what the engine really does with rows of every kind, and to the diagrams.
 */
export const TRANSITIONS: readonly Transition[] = Object.entries(WAYS).flatMap(([by, ways]) =>
  ways.map(([from, to, cause]) => ({ from, to, by, cause })),
);
