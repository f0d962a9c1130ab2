import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const GUARD = fileURLToPath(new URL('./guard.ts', import.meta.url));
const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 20_000;
const TAIL_LINES = 15;
const READY = 'All emulators ready';
const BROKEN = /Failed to load function definition from source: (.*)/;

export interface EmulatorProcessOptions {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logPath: string;
  readonly onLine: (line: string) => void;
}

export interface EmulatorProcess {
  /** Resolves when every emulator answers and the functions are loaded. */
  readonly ready: Promise<void>;
  /** Resolves when the emulators have ended, whoever ended them. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
  /** What they printed last. */
  tail(): string;
}

export function startEmulatorProcess(options: EmulatorProcessOptions): EmulatorProcess {
  const guard = spawn(process.execPath, [GUARD, ...options.command], {
    cwd: options.cwd,
    env: options.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  // Writing to a guard that has just ended is no error of ours.
  guard.stdin.on('error', () => undefined);
  const lastLines: string[] = [];
  const tail = (): string => lastLines.join('\n');
  const ready = Promise.withResolvers<void>();
  const ended = once(guard, 'close').then(() => undefined);
  readLines(guard, options.logPath, (line) => {
    lastLines.push(line);
    if (lastLines.length > TAIL_LINES) lastLines.shift();
    options.onLine(line);
    if (line.includes(READY)) ready.resolve();
    const problem = BROKEN.exec(line)?.[1];
    if (problem !== undefined) ready.reject(new Error(`The functions do not load: ${problem}`));
  });
  return {
    ready: waitUntilReady(ready.promise, ended).then(() => void guard.stdin.write('remember\n')),
    ended,
    stop: () => stopGuard(guard, ended),
    tail,
  };
}

function readLines(child: ChildProcess, logPath: string, onLine: (line: string) => void): void {
  const log = createWriteStream(logPath);
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      log.write(`${line}\n`);
      onLine(line);
    });
  }
  child.once('close', () => log.end());
}

async function waitUntilReady(ready: Promise<void>, ended: Promise<void>): Promise<void> {
  const deadline = Promise.withResolvers<never>();
  const timer = setTimeout(
    () =>
      deadline.reject(
        new Error(`The emulators were not ready after ${String(START_TIMEOUT_MS / 1000)} s`),
      ),
    START_TIMEOUT_MS,
  );
  const endedEarly = ended.then(() => {
    throw new Error('The emulators ended before they were ready');
  });
  try {
    await Promise.race([ready, endedEarly, deadline.promise]);
  } finally {
    clearTimeout(timer);
    endedEarly.catch(() => undefined);
  }
}

/** The guard ends everything when its input closes; this is only for a guard that hangs. */
async function stopGuard(guard: ChildProcess, ended: Promise<void>): Promise<void> {
  guard.stdin?.end();
  const timer = setTimeout(() => {
    if (guard.pid !== undefined && process.platform !== 'win32')
      process.kill(-guard.pid, 'SIGKILL');
    else guard.kill('SIGKILL');
  }, STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}
