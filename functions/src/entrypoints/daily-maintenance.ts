import { onSchedule } from 'firebase-functions/scheduler';
import { dailySchedule, firebaseLogger, repairRows, TIME_ZONE } from '../composition/index.ts';
import { DEPLOYMENT } from './deployment.ts';
import { loggingFailure, openInvocation } from './invocation.ts';

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
  ({ scheduleTime }) =>
    loggingFailure('daily maintenance failed', async () => {
      const everything = new Date(scheduleTime).getUTCDay() === SUNDAY;
      const report = await repairRows(openInvocation('tick', TIMEOUT_SECONDS * 1_000), {
        everything,
      });
      firebaseLogger.write({ severity: 'INFO', message: 'outbox repaired', everything, ...report });
    }),
);
