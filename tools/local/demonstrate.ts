import { checkScenario } from './check-scenario.ts';
import { findErrors, formatFunctionLog } from './function-log.ts';
import { playScenario } from './scenario.ts';
import type { Session } from './session.ts';
import { QUICK_TICK_MS } from './settings.ts';
import type { Stack } from './stack.ts';
import { startTicker, type Ticker } from './ticker.ts';

const SHORTEST_PATIENCE_MS = 60_000;
/** An e-mail that is refused needs a handful of ticks. */
const PATIENCE_TICKS = 10;

/** Plays the scenario, shows what came of it, and says whether that is what should have. */
export async function demonstrate({ stack, options, say }: Session): Promise<boolean> {
  const everyMs = options.tickEveryMs ?? QUICK_TICK_MS;
  const ticker = options.hasTick ? startStackTicker({ stack, say }, everyMs) : undefined;
  try {
    const cast = await playScenario(stack, (line) => say(`  ${line}`));
    say('\nWaiting until everything is delivered …');
    const timeoutMs = Math.max(SHORTEST_PATIENCE_MS, PATIENCE_TICKS * everyMs);
    const { table, problems: undelivered } = await checkScenario(stack, cast, {
      hasRetries: options.hasTick,
      timeoutMs,
    });
    await cast.leave();
    const problems = [...undelivered, ...describeErrors(stack)];
    say(`\n${table}\n`);
    say(
      'user.joined has no e-mail: it is for the admins, and Ada, the only one, did it herself.\n',
    );
    for (const problem of problems) say(`✗ ${problem}`);
    say(
      problems.length === 0
        ? describeSuccess(options.hasTick)
        : '\nThe demo did not end as it should.',
    );
    return problems.length === 0;
  } finally {
    await ticker?.stop();
  }
}

function describeErrors({ functionsLog }: Stack): string[] {
  const lines = findErrors(functionsLog).map((entry) => formatFunctionLog(entry));
  return [...new Set(lines)].map((line) => `The functions logged an error: ${line}`);
}

function describeSuccess(hasRetries: boolean): string {
  return hasRetries
    ? '✓ Every event has its jobs, and every job was delivered; the refused e-mails were sent again.'
    : '✓ Everything that needs no retry was delivered; without the tick the refused e-mails wait.';
}

export function startStackTicker(
  { stack, say }: Pick<Session, 'stack' | 'say'>,
  everyMs: number,
): Ticker {
  return startTicker({
    tick: () => stack.tick(),
    everyMs,
    onError: (error) =>
      say(`  The tick failed: ${error instanceof Error ? error.message : String(error)}`),
  });
}
