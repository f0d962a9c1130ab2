import { HELP, parseOptions, UsageError, type LocalOptions } from './cli.ts';
import { QUICK_SETTINGS } from './settings.ts';
import { startStack, type Stack } from './stack.ts';

const PARENT_CHECK_MS = 500;
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

export interface Session {
  readonly stack: Stack;
  readonly options: LocalOptions;
  readonly say: (line: string) => void;
}

export interface LocalCommand {
  /** Names the log. */
  readonly name: string;
  readonly ports: 'wanted' | 'free';
  /** Resolves with the exit code. */
  run(session: Session): Promise<number>;
}

/** Runs a command against a stack of its own, and ends the stack with it, whatever way it ends. */
export async function runSession(command: LocalCommand): Promise<void> {
  const exitCode = await tryToRun(command);
  // Clients whose emulators are gone would keep the process waiting for them.
  process.stdout.write('', () => process.exit(exitCode));
}

function say(line: string): void {
  console.log(line);
}

async function tryToRun(command: LocalCommand): Promise<number> {
  try {
    const options = parseOptions(process.argv.slice(2));
    if (!options.wantsHelp) return await runWithStack(command, options);
    say(HELP);
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function runWithStack(command: LocalCommand, options: LocalOptions): Promise<number> {
  const startedAtMs = performance.now();
  say('Starting Functions, Firestore and Auth …');
  const { interrupted, signal } = catchSignals();
  const starting = startStack({
    name: command.name,
    ports: command.ports,
    env: QUICK_SETTINGS,
    trigger: options.hasTrigger,
    isVerbose: options.isVerbose,
    signal,
    log: (line) => say(`  ${line}`),
  });
  try {
    const stack = await starting;
    say(`Ready after ${((performance.now() - startedAtMs) / 1000).toFixed(1)} s\n`);
    return await Promise.race([
      command.run({ stack, options, say }),
      interrupted,
      failAtEnd(stack),
    ]);
  } catch (error) {
    if (signal.aborted) return await interrupted;
    throw error;
  } finally {
    await starting.then(
      (stack) => stack.stop(),
      () => undefined,
    );
  }
}

async function failAtEnd({ ended, logPath }: Stack): Promise<never> {
  await ended;
  throw new Error(`The emulators ended by themselves. Their last words are in ${logPath}`);
}

/** The first signal asks for a clean end; a second one does not wait for it. */
function catchSignals(): { interrupted: Promise<number>; signal: AbortSignal } {
  const { promise, resolve } = Promise.withResolvers<number>();
  const controller = new AbortController();
  const stop = (name: keyof typeof EXIT_CODES): void => {
    if (controller.signal.aborted) process.exit(EXIT_CODES[name]);
    say('\nStopping …');
    resolve(EXIT_CODES[name]);
    controller.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop(name));
  // Whoever read our output may be gone; that must not keep us from ending cleanly.
  process.stdout.on('error', () => undefined);
  watchParent(() => stop('SIGTERM'));
  return { interrupted: promise, signal: controller.signal };
}

/** npm passes SIGTERM to the shell between it and us, which ends without passing it on. */
function watchParent(onOrphaned: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parentPid = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parentPid) return;
    clearInterval(timer);
    onOrphaned();
  }, PARENT_CHECK_MS);
  timer.unref();
}
