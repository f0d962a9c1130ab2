import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 50;

export interface WaitOptions<T> {
  /** For the error: "the functions emulator to answer". */
  readonly what: string;
  readonly timeoutMs: number;
  readonly pollMs?: number;
  /** What was seen last, for the error. */
  readonly describe?: (last: T | undefined) => string;
}

/** Asks until the answer is there. A probe that throws counts as no answer yet. */
export async function waitFor<T>(
  probe: () => Promise<T>,
  isDone: (answer: T) => boolean,
  { what, timeoutMs, pollMs = POLL_MS, describe }: WaitOptions<T>,
): Promise<T> {
  const deadlineMs = performance.now() + timeoutMs;
  let last: T | undefined;
  let lastError: unknown;
  while (performance.now() < deadlineMs) {
    try {
      last = await probe();
      lastError = undefined;
      if (isDone(last)) return last;
    } catch (error) {
      lastError = error;
    }
    await delay(pollMs);
  }
  const seen = lastError instanceof Error ? lastError.message : describe?.(last);
  const suffix = seen === undefined || seen === '' ? '' : `: ${seen}`;
  throw new Error(`Waited ${String(timeoutMs / 1000)} s in vain for ${what}${suffix}`);
}
