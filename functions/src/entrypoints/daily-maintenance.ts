import { onSchedule } from 'firebase-functions/scheduler';
import { messageOf } from '#kernel';
import {
  dailySchedule,
  firebaseLogger,
  getBackend,
  openWorker,
  repairRows,
  TIME_ZONE,
} from '../composition/index.ts';
import { DEPLOYMENT } from './deployment.ts';

const TIMEOUT_SECONDS = 540;
const SUNDAY = 0;

/**
 * Finds, once a day, what no due query would find again (rows edited by hand), and mends or parks it; on
 * Sundays among all rows. One that is cut short by its time begins anew the next day.
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
    try {
      const { processor, subscriptions } = getBackend();
      const handlers = subscriptions.handlersFor();
      const worker = openWorker(processor, {
        by: 'tick',
        handlers,
        budgetMs: TIMEOUT_SECONDS * 1_000,
      });
      const everything = new Date(scheduleTime).getUTCDay() === SUNDAY;
      const report = await repairRows(worker, { everything });
      firebaseLogger.write({ severity: 'INFO', message: 'outbox repaired', everything, ...report });
    } catch (error) {
      const stack = error instanceof Error ? error.stack : undefined;
      const message = 'daily maintenance failed';
      firebaseLogger.write({ severity: 'ERROR', message, error: messageOf(error), stack });
      throw error;
    }
  },
);
