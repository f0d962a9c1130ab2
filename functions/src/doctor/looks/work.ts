import type { OutboxStore, SlotCounts } from '#outbox';
import { slotsToRead } from '#outbox';
import type { JobQuestions } from '#outbox/firestore';
import {
  judgeBacklog,
  judgeLines,
  judgeListeners,
  judgeOperations,
  judgePauses,
  judgeTick,
} from '../checks/work.ts';
import type { LookedAtOperation } from '../checks/work.ts';
import type { Look, Seen } from '../finding.ts';
import { defineLook } from '../finding.ts';

/** Where the work stands. */
export interface Work {
  readonly store: Pick<OutboxStore, 'readControls'>;
  readonly jobs: Pick<JobQuestions, 'count' | 'oldestDue' | 'blockedLines'>;
  /** The newest in a state, at most so many. */
  readonly operations: (
    state: 'failed' | 'running',
    limit: number,
  ) => Promise<readonly LookedAtOperation[]>;
  /** When the scheduled sweep last came to its end. One read. */
  readonly lastTickMs: () => Promise<number | undefined>;
  /** Whether anybody is told of alerts. Two reads at most. */
  readonly isAlertHeard: () => Promise<boolean>;
  readonly jobTypes: readonly string[];
  /** In force while nobody has set others. */
  readonly slots: SlotCounts;
  /** When the tick after a time is scheduled; both in milliseconds since the epoch. */
  readonly nextTickMs: (afterMs: number) => number;
}

/** As many of a kind as anybody looks at one by one. */
const SOME = 10;

/**
 * What waits, what failed, and what is held back. Reads: three for each type of job and at most fifteen more, one for
 * each thousand rows that are counted, two for each of at most ten blocked lines, and at most twenty operations.
 */
export function lookAtWork(work: Work): readonly Look[] {
  const { store, jobs, nextTickMs } = work;
  return [
    defineLook({
      name: 'tick',
      gather: async () => {
        const [lastTickMs, { readAtMs: nowMs }] = await Promise.all([
          work.lastTickMs(),
          store.readControls(),
        ]);
        return seen({ lastTickMs, nowMs, nextTickMs });
      },
      judge: judgeTick,
    }),
    defineLook({
      name: 'listeners',
      gather: async () => seen(await work.isAlertHeard()),
      judge: judgeListeners,
    }),
    defineLook({
      name: 'backlog',
      gather: async () => {
        const { slots = work.slots, readAtMs: nowMs } = await store.readControls();
        const read = [...slotsToRead('normal', slots), ...slotsToRead('bulk', slots)];
        const [oldestDue, counts] = await Promise.all([
          jobs.oldestDue(read, nowMs),
          jobs.count(work.jobTypes),
        ]);
        return seen({ nowMs, nextTickMs, oldestDue, counts });
      },
      judge: judgeBacklog,
    }),
    defineLook({
      name: 'lines',
      gather: async () => seen(await jobs.blockedLines(SOME)),
      judge: judgeLines,
    }),
    defineLook({
      name: 'pauses',
      gather: async () => {
        const { pauses, readAtMs: nowMs } = await store.readControls();
        return seen({ pauses, nowMs });
      },
      judge: judgePauses,
    }),
    defineLook({
      name: 'operations',
      gather: async () => {
        const [failed, running, { readAtMs: nowMs }] = await Promise.all([
          work.operations('failed', SOME),
          work.operations('running', SOME),
          store.readControls(),
        ]);
        return seen({ failed, running, nowMs });
      },
      judge: judgeOperations,
    }),
  ];
}

function seen<T>(facts: T): Seen<T> {
  return { kind: 'seen', facts };
}
