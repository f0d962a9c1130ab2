import { onSchedule } from 'firebase-functions/scheduler';
import { messageOf } from '#kernel';
import type { SweepMemory } from '../composition/index.ts';
import {
  firebaseLogger,
  getBackend,
  openWorker,
  outboxSchedule,
  sweep,
} from '../composition/index.ts';
import { DEPLOYMENT } from './deployment.ts';

const TIMEOUT_SECONDS = 110;
/** What is left is for what was started last to end in. */
const USED_SHARE = 0.8;

const memory: SweepMemory = { lastFromZeroElapsedMs: undefined };

/**
 * The guarantee: every two minutes finds whatever is due. Two at once, or one twice, only cost reads:
 * every job is claimed by one of them.
 */
export const outboxProcessor = onSchedule(
  {
    ...DEPLOYMENT,
    schedule: outboxSchedule.toCEL(),
    timeoutSeconds: TIMEOUT_SECONDS,
    concurrency: 1,
  },
  async () => {
    try {
      const { processor, subscriptions } = getBackend();
      const handlers = subscriptions.handlersFor();
      const budgetMs = TIMEOUT_SECONDS * 1_000 * USED_SHARE;
      await sweep(openWorker(processor, { by: 'tick', handlers, budgetMs }), memory);
    } catch (error) {
      // The scheduler's wrapper logs no more than the message.
      const stack = error instanceof Error ? error.stack : undefined;
      const message = 'outbox sweep failed';
      firebaseLogger.write({ severity: 'ERROR', message, error: messageOf(error), stack });
      throw error;
    }
  },
);
