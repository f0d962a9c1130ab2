import { systemClock } from '../../functions/src/kernel/index.ts';
import type { ExternalHandler } from '../../functions/src/outbox/index.ts';
import { DEFAULT_RETRY_POLICY, openWorker, sweep } from '../../functions/src/outbox/index.ts';
import { backend } from './backend.ts';
import { JOB_TYPE } from './seed.ts';
import type { Share } from './slots.ts';
import { slotsOf } from './slots.ts';
import type { Metered } from './timed.ts';
import { timedAndMetered } from './timed.ts';

/** What every handler takes; 0 answers at once. */
export interface Drain {
  readonly handlerMs: number;
  readonly isOrdered: boolean;
  readonly share: Share;
  /** Stops when it has run so many; undefined: when nothing is due any more. */
  readonly atMost: number | undefined;
}

export interface Drained extends Metered {
  readonly sent: number;
}

/** What the deployed worker has before the platform ends it. */
const BUDGET_MS = 540_000;

/** Runs what is due, sweep by sweep with the deployed settings. */
export async function drain({
  handlerMs,
  isOrdered,
  share,
  atMost = Infinity,
}: Drain): Promise<Drained> {
  const handler: ExternalHandler = {
    kind: 'external',
    jobType: JOB_TYPE,
    policy: DEFAULT_RETRY_POLICY,
    onUnknownOutcome: 'retry',
    ordered: isOrdered ? { onDeadLetter: 'block' } : undefined,
    send: () => take(handlerMs),
  };
  const memory = { lastFromZeroElapsedMs: undefined };
  const slots = slotsOf(share);
  let sent = 0;
  const time = await timedAndMetered(async () => {
    for (;;) {
      const said = { by: 'task', handlers: () => handler, budgetMs: BUDGET_MS } as const;
      const { read, ends } = await sweep(openWorker(backend.processor, said), memory, { slots });
      sent += ends.sent ?? 0;
      if (read === 0 || sent >= atMost) return;
    }
  });
  return { ...time, sent };
}

/** What a handler does for this long. */
export function take(handlerMs: number): Promise<void> {
  return handlerMs === 0 ? Promise.resolve() : systemClock.wait(handlerMs);
}
