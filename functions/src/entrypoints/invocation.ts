import type { DomainEvent, Worker } from '../composition/index.ts';
import { getBackend, openWorker } from '../composition/index.ts';

/**
 * A worker of this instance for one invocation, `budgetMs` before the platform ends it; an event that is
 * `known` already is not read again.
 */
export function openInvocation(by: Worker['by'], budgetMs: number, known?: DomainEvent): Worker {
  const { processor, subscriptions } = getBackend();
  return openWorker(processor, { by, handlers: subscriptions.handlersFor(known), budgetMs });
}

/** Runs a scheduled function; what it throws is logged whole: the scheduler's wrapper logs the message only. */
export async function loggingFailure(
  log: (error: unknown) => void,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    log(error);
    throw error;
  }
}
