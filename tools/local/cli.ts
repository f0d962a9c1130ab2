import { parseArgs } from 'node:util';

export interface LocalOptions {
  /** What the user asked for; undefined where the command's own default holds. */
  readonly tickEveryMs: number | undefined;
  readonly hasTick: boolean;
  readonly hasTrigger: boolean;
  readonly isVerbose: boolean;
  readonly wantsHelp: boolean;
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

export const HELP = [
  'Options (npm needs `--` before them: npm start -- --tick 5s)',
  '  --tick <time>   run the outbox processor every <time>, such as 500ms, 5s or 2m',
  '  --no-tick       never run it: only the trigger delivers, and nothing is retried',
  '  --no-trigger    switch the trigger off: only the tick delivers',
  '  --verbose       show every log line of the functions, not only warnings',
  '  --help          show this',
].join('\n');

/** A mistake in the command line; its message is for the user. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export function parseOptions(args: readonly string[]): LocalOptions {
  const values = parseFlags(args);
  const tick = values.tick;
  const hasTick = values['no-tick'] !== true;
  const hasTrigger = values['no-trigger'] !== true;
  if (tick !== undefined && !hasTick)
    throw new UsageError('--tick and --no-tick contradict each other.');
  if (!hasTick && !hasTrigger) {
    throw new UsageError(
      'With --no-tick and --no-trigger nothing would ever be delivered: leave one out.',
    );
  }
  return {
    tickEveryMs: tick === undefined ? undefined : parseDurationMs(tick),
    hasTick,
    hasTrigger,
    isVerbose: values.verbose === true,
    wantsHelp: values.help === true,
  };
}

interface Flags {
  tick?: string;
  'no-tick'?: boolean;
  'no-trigger'?: boolean;
  verbose?: boolean;
  help?: boolean;
}

function parseFlags(args: readonly string[]): Flags {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        tick: { type: 'string' },
        'no-tick': { type: 'boolean' },
        'no-trigger': { type: 'boolean' },
        verbose: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    return values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${reason}\n\n${HELP}`);
  }
}

function parseDurationMs(value: string): number {
  const match = /^(\d+)(ms|s|m)$/.exec(value);
  const durationMs = Number(match?.[1]) * (UNIT_MS[match?.[2] ?? ''] ?? Number.NaN);
  if (durationMs > 0) return durationMs;
  throw new UsageError(`--tick ${value} is not a time: write a number and ms, s or m, such as 5s.`);
}
