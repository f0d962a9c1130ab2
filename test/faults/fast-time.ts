import type { Clock } from '../../functions/src/kernel/index.ts';
import { systemClock } from '../../functions/src/kernel/index.ts';
import type { OutboxStore } from '../../functions/src/outbox/index.ts';

/**
 * Time that goes `speed` times as fast as the machine's, from `originMs` (since the epoch) on. All that
 * the engine waits for keeps its proportions, what is no setting included: at 20, a lease of a minute
 * lasts three seconds, and a row that is held for two minutes waits six.
 */
export interface FastTime {
  readonly originMs: number;
  readonly speed: number;
}

/** The process's clock, in fast time. */
export function fastClock({ speed }: FastTime): Clock {
  return {
    elapsedMs: () => systemClock.elapsedMs() * speed,
    wait: (delayMs, signal) => systemClock.wait(delayMs / speed, signal),
  };
}

/** A store whose every answer tells the server's time in fast time. */
export function inFastTime({ originMs, speed }: FastTime, store: OutboxStore): OutboxStore {
  const fast = (answer: unknown): unknown =>
    isTimed(answer)
      ? { ...answer, readAtMs: originMs + (answer.readAtMs - originMs) * speed }
      : answer;
  const methods = Object.entries(store as unknown as Record<string, Method>).map(
    ([name, method]) => [name, async (...rest: unknown[]) => fast(await method(...rest))] as const,
  );
  return Object.fromEntries(methods) as unknown as OutboxStore;
}

type Method = (...rest: readonly unknown[]) => Promise<unknown>;

function isTimed(answer: unknown): answer is { readonly readAtMs: number } {
  return typeof answer === 'object' && answer !== null && 'readAtMs' in answer;
}
