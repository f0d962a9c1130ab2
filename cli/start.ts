import type { Context } from './context.ts';
import type { ExitCode } from './exit-codes.ts';

/** Runs what a command does, with what every command is given. */
export type Start = (job: (context: Context) => Promise<ExitCode>) => Promise<void>;
