import type { JobHandler } from '../model/handler.ts';

/** Handlers whose worker is lost as each of them ends, and the means to wait until all have. */
export interface DyingHandlers {
  readonly handlers: readonly JobHandler[];
  /** Resolves when every handler that was called has ended. */
  readonly done: () => Promise<void>;
}

/** Calls these handlers as they are, and never answers the engine: nothing after them is done. */
export function diesAfterItsHandlers(handlers: readonly JobHandler[]): DyingHandlers {
  const calls: Promise<unknown>[] = [];
  const lost = new Promise<never>(() => {});
  const thenDie = (call: Promise<unknown>): Promise<never> => {
    // What it throws is as lost as what it returns.
    calls.push(call.catch(() => undefined));
    return lost;
  };
  const dying = handlers.map((handler): JobHandler => {
    if ('transact' in handler) {
      return {
        ...handler,
        transact: (job, tx, context) => thenDie(handler.transact(job, tx, context)),
      };
    }
    if (handler.kind === 'transactional') {
      return { ...handler, handle: (job, context) => thenDie(handler.handle(job, context)) };
    }
    if ('sendBatch' in handler) {
      return {
        ...handler,
        sendBatch: (jobs, context) => thenDie(handler.sendBatch(jobs, context)),
      };
    }
    return { ...handler, send: (job, context) => thenDie(handler.send(job, context)) };
  });
  return {
    handlers: dying,
    done: async () => {
      await Promise.all(calls);
    },
  };
}
