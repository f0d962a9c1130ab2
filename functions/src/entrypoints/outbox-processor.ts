import { onSchedule } from 'firebase-functions/scheduler';
import type { SweepMemory } from '../composition/index.ts';
import { getBackend, outboxSchedule, sweep, TIME_ZONE } from '../composition/index.ts';
import { DEPLOYMENT } from './deployment.ts';
import { loggingFailure, openInvocation } from './invocation.ts';
import { logs } from './logs.ts';

const TIMEOUT_SECONDS = 110;
/** What is left is for what was started last to end in. */
const USED_SHARE = 0.8;

const memory: SweepMemory = { lastFromZeroElapsedMs: undefined };

/**
 * The guarantee: every two minutes finds whatever is due, and calls `outboxWorker` to a backlog. Two at
 * once, or one twice, only cost reads: every job is claimed by one of them.
 */
export const outboxProcessor = onSchedule(
  {
    ...DEPLOYMENT,
    schedule: outboxSchedule.toCEL(),
    timeZone: TIME_ZONE,
    timeoutSeconds: TIMEOUT_SECONDS,
    concurrency: 1,
  },
  async ({ scheduleTime }) => {
    // Alerts are looked at whether or not the sweep comes to its end: they may be why it does not.
    const ends = await Promise.allSettled([
      loggingFailure(logs.sweepFailed, () => sweepAll(scheduleTime)),
      loggingFailure(logs.alertsFailed, async () => {
        await getBackend().alerts.look();
      }),
    ]);
    await getBackend().metrics.writeDue();
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  },
);

async function sweepAll(scheduleTime: string): Promise<void> {
  const worker = openInvocation('tick', TIMEOUT_SECONDS * 1_000 * USED_SHARE);
  const report = await sweep(worker, memory, { tickAtMs: Date.parse(scheduleTime) });
  getBackend().metrics.ticked(report.endedAtMs);
}
