import type { Clock, DocumentData, Ids, RunTransaction } from '#kernel';
import { CodedError, DAY_MS, RecentlyUsed, SECOND_MS } from '#kernel';
import { z } from 'zod';
import type { Block, Minute } from './block.ts';
import { nextBlock } from './block.ts';

/** Counts a call of somebody's; answers after how many seconds to try again, undefined where it may go on. */
export type RateLimit = (uid: string) => Promise<number | undefined>;

/** Callers that an instance remembers; one that it forgets takes a new block. */
const MAX_CALLERS = 10_000;

/** A caller as one instance knows them. */
interface Allowance {
  left: number;
  closedUntilMs: number;
  taking: Promise<void> | undefined;
}

const minuteDocument = z.object({
  startedAtMs: z.number(),
  taken: z.number(),
});

/**
 * Holds every caller to `perMinute` calls in a minute of the server's time, over all instances: each takes
 * a block of calls from the caller's document, and another when it is spent. A block that is not spent in its
 * minute is good in the next ones, so that calls few and far between cost no more; that is by how much an
 * instance may exceed the limit. Costs a read and a write for 25 calls, and for who is refused until the minute
 * is over, once a minute.
 */
export function createRateLimit(deps: {
  readonly runTransaction: RunTransaction;
  readonly ids: Pick<Ids, 'documentId'>;
  readonly clock: Pick<Clock, 'elapsedMs'>;
  readonly perMinute: number;
}): RateLimit {
  const { clock } = deps;
  const callers = new RecentlyUsed<Allowance>(MAX_CALLERS);
  return async (uid) => {
    const caller = callers.get(uid) ?? { left: 0, closedUntilMs: 0, taking: undefined };
    callers.set(uid, caller);
    while (caller.left === 0) {
      const waitMs = caller.closedUntilMs - clock.elapsedMs();
      if (waitMs > 0) return Math.ceil(waitMs / SECOND_MS);
      // One transaction for all that wait: they would only stand in each other's way.
      caller.taking ??= take(deps, uid, caller).finally(() => {
        caller.taking = undefined;
      });
      await caller.taking;
    }
    caller.left -= 1;
    return undefined;
  };
}

async function take(
  { runTransaction, ids, clock, perMinute }: Parameters<typeof createRateLimit>[0],
  uid: string,
  caller: Allowance,
): Promise<void> {
  const path = `rate_limits/${uid}`;
  const taking = runTransaction(ids.documentId(), async (tx): Promise<Block> => {
    const { data, readAtMs } = await tx.get(path);
    const next = nextBlock(decode(data), readAtMs, perMinute);
    if (next.kind === 'calls') tx.merge(path, encode(next.minute));
    return next;
  });
  const block = await taking.catch(whenOthersWereFaster);
  if (block.kind === 'calls') caller.left += block.calls;
  else caller.closedUntilMs = clock.elapsedMs() + block.waitMs;
}

/** So many instances ask for this caller at once that there are too many calls, whatever the count says. */
function whenOthersWereFaster(error: unknown): Block {
  if (error instanceof CodedError && error.code === 'contention') {
    return { kind: 'none', waitMs: SECOND_MS };
  }
  throw error;
}

function encode(minute: Minute): DocumentData {
  return { ...minute, expireAt: new Date(minute.startedAtMs + DAY_MS) };
}

/** What somebody wrote over by hand begins anew. */
function decode(data: DocumentData | undefined): Minute | undefined {
  return minuteDocument.safeParse(data).data;
}
