import { expect } from '@jest/globals';
import { checkScenario } from '../../tools/local/check-scenario.ts';
import { findErrors, formatFunctionLog } from '../../tools/local/function-log.ts';
import { playScenario } from '../../tools/local/scenario.ts';
import type { Stack } from '../../tools/local/stack.ts';
import { startTicker } from '../../tools/local/ticker.ts';

const PATIENCE_MS = 60_000;
const TICK_EVERY_MS = 1_000;

/** Plays the demo's story and expects that everything came of it that should have. */
export async function playAndCheck(stack: Stack, { hasTick }: { hasTick: boolean }): Promise<void> {
  const tickErrors: unknown[] = [];
  const ticker = startTicker({
    tick: () => (hasTick ? stack.tick() : Promise.resolve()),
    everyMs: TICK_EVERY_MS,
    onError: (error) => tickErrors.push(error),
  });
  try {
    const cast = await playScenario(stack, () => undefined);
    const options = { hasRetries: hasTick, timeoutMs: PATIENCE_MS };
    const { problems, table } = await checkScenario(stack, cast, options);
    await cast.leave();
    expect(problems).toEqual([]);
    expect(table.split('\n').length).toBeGreaterThan(20);
  } finally {
    await ticker.stop();
  }
  expect(tickErrors).toEqual([]);
  expect(findErrors(stack.functionsLog).map((entry) => formatFunctionLog(entry))).toEqual([]);
}
