import { onSchedule } from 'firebase-functions/scheduler';
import { systemClock } from '#kernel';
import {
  dailySchedule,
  getBackend,
  repairRows,
  startOperation,
  TIME_ZONE,
} from '../composition/index.ts';
import { DEPLOYMENT } from './deployment.ts';
import { loggingFailure, openInvocation } from './invocation.ts';
import { logs } from './logs.ts';

const TIMEOUT_SECONDS = 540;
/** What is left is for what was started last to end in. */
const USED_SHARE = 0.8;
const SUNDAY = 0;

/**
 * Once a day, side by side, so that neither waits for the other or fails with it:
 * finds what no due query would find again (rows edited by hand), and mends or parks it, on Sundays among all
 * rows; one that is cut short by its time begins anew the next day. Finds invoices that are overdue. And starts the
 * operation that deletes old dead letters.
 */
export const dailyMaintenance = onSchedule(
  {
    ...DEPLOYMENT,
    schedule: dailySchedule.toCEL(),
    timeZone: TIME_ZONE,
    timeoutSeconds: TIMEOUT_SECONDS,
    concurrency: 1,
  },
  async ({ scheduleTime }) => {
    const ends = await Promise.allSettled([
      loggingFailure(logs.repairFailed, () => repairOutbox(scheduleTime)),
      loggingFailure(logs.overdueFailed, () => findOverdue(scheduleTime)),
      loggingFailure(logs.purgeFailed, () => startPurge(scheduleTime)),
    ]);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  },
);

async function repairOutbox(scheduleTime: string): Promise<void> {
  const everything = new Date(scheduleTime).getUTCDay() === SUNDAY;
  const worker = openInvocation('tick', TIMEOUT_SECONDS * 1_000);
  const report = await repairRows(worker, { everything });
  logs.repaired({ everything, ...report });
}

async function findOverdue(scheduleTime: string): Promise<void> {
  const untilMs = systemClock.elapsedMs() + TIMEOUT_SECONDS * 1_000 * USED_SHARE;
  const report = await getBackend().markOverdueInvoices({
    throughMs: Date.parse(scheduleTime),
    hasTimeLeft: () => systemClock.elapsedMs() < untilMs,
  });
  logs.overdueMarked({ ...report });
}

/** Its steps are jobs: they go on when this call is over. A second call of the same day starts no other. */
async function startPurge(scheduleTime: string): Promise<void> {
  const day = scheduleTime.slice(0, 10);
  const { id } = await startOperation({
    kind: 'purge',
    params: {},
    by: 'dailyMaintenance',
    reason: 'Closed jobs are kept for so long.',
    correlationId: `purge-${day}`,
    idempotencyKey: day,
  });
  logs.purgeStarted(id);
}
