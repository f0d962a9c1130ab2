import { CommanderError, type Command } from 'commander';
import { COMPLETE } from './completion/scripts.ts';
import { suggest } from './completion/suggest.ts';
import { createContext } from './context.ts';
import { EXIT_CODES, type ExitCode } from './exit-codes.ts';
import { Failure } from './failure.ts';
import { createProgram } from './program.ts';
import type { Shell } from './shell.ts';

/** Does what the words say; the exit code says how it went. Never throws for what somebody typed or the API refused. */
export async function run(words: readonly string[], shell: Shell): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT_CODES.ok;
  const program = createProgram(async (job, options) => {
    exitCode = await job(createContext(shell, options));
  });
  talkThrough(program, shell);
  try {
    if (words[0] === COMPLETE) complete(program, shell, words.slice(1));
    else await program.parseAsync([...words], { from: 'user' });
    return exitCode;
  } catch (error) {
    return explain(error, shell);
  }
}

function complete(program: Command, shell: Shell, words: readonly string[]): void {
  for (const word of suggest(program, words)) shell.out.write(`${word}\n`);
}

function explain(error: unknown, shell: Shell): ExitCode {
  // It has said itself what is wrong, and shows its help with the same error.
  if (error instanceof CommanderError)
    return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
  if (!(error instanceof Failure)) {
    if (shell.interrupted.aborted) return EXIT_CODES.interrupted;
    throw error;
  }
  shell.err.write(`outbox: ${error.message}\n`);
  if (error.hint !== undefined) shell.err.write(`${error.hint}\n`);
  return error.exitCode;
}

function talkThrough(command: Command, shell: Shell): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => shell.out.write(text),
    writeErr: (text) => shell.err.write(text),
    getOutHelpWidth: () => shell.out.width ?? 80,
    getErrHelpWidth: () => shell.err.width ?? 80,
    outputError: (text, write) => write(text.replace(/^error: /, 'outbox: ')),
  });
  for (const child of command.commands) talkThrough(child, shell);
}
