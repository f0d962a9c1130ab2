import { onSchedule } from 'firebase-functions/scheduler';
import { messageOf } from '#kernel';
import type { SweepMemory } from '../composition/index.ts';
import {
  firebaseLogger,
  getBackend,
  openWorker,
  outboxSchedule,
  sweep,
  TIME_ZONE,
} from '../composition/index.ts';
import { DEPLOYMENT } from './deployment.ts';

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
    try {
      const { processor, subscriptions } = getBackend();
      const handlers = subscriptions.handlersFor();
      const budgetMs = TIMEOUT_SECONDS * 1_000 * USED_SHARE;
      const worker = openWorker(processor, { by: 'tick', handlers, budgetMs });
      await sweep(worker, memory, { tickAtMs: Date.parse(scheduleTime) });
    } catch (error) {
      // The scheduler's wrapper logs no more than the message.
      const stack = error instanceof Error ? error.stack : undefined;
      const message = 'outbox sweep failed';
      firebaseLogger.write({ severity: 'ERROR', message, error: messageOf(error), stack });
      throw error;
    }
  },
);
