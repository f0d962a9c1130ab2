import { onSchedule } from 'firebase-functions/scheduler';
import { systemClock } from '#kernel';
import {
  dailySchedule,
  firebaseLogger,
  getBackend,
  repairRows,
  TIME_ZONE,
} from '../composition/index.ts';
import { DEPLOYMENT } from './deployment.ts';
import { loggingFailure, openInvocation } from './invocation.ts';

const TIMEOUT_SECONDS = 540;
/** What is left is for what was started last to end in. */
const USED_SHARE = 0.8;
const SUNDAY = 0;

/**
 * Once a day, side by side, so that neither waits for the other or fails with it:
 * finds what no due query would find again (rows edited by hand), and mends or parks it, on Sundays among all
 * rows; one that is cut short by its time begins anew the next day. And finds invoices that are overdue.
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
      loggingFailure('outbox repair failed', () => repairOutbox(scheduleTime)),
      loggingFailure('looking for overdue invoices failed', () => findOverdue(scheduleTime)),
    ]);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  },
);

async function repairOutbox(scheduleTime: string): Promise<void> {
  const everything = new Date(scheduleTime).getUTCDay() === SUNDAY;
  const worker = openInvocation('tick', TIMEOUT_SECONDS * 1_000);
  const report = await repairRows(worker, { everything });
  firebaseLogger.write({ severity: 'INFO', message: 'outbox repaired', everything, ...report });
}

async function findOverdue(scheduleTime: string): Promise<void> {
  const untilMs = systemClock.elapsedMs() + TIMEOUT_SECONDS * 1_000 * USED_SHARE;
  const report = await getBackend().markOverdueInvoices({
    throughMs: Date.parse(scheduleTime),
    hasTimeLeft: () => systemClock.elapsedMs() < untilMs,
  });
  firebaseLogger.write({ severity: 'INFO', message: 'overdue invoices marked', ...report });
}
