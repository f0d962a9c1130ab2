import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface ScriptRun {
  readonly exitCode: number | null;
  readonly output: string;
}

export interface ScriptOptions {
  readonly cwd: string;
  readonly timeoutMs: number;
}

const isWindows = process.platform === 'win32';
const graceMs = 5_000;
/** The scripts write into a pipe; what matters is where we write. */
const colors = process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' };

/** Runs a script of package.json and everything that it starts, and ends all of it in the end. */
export async function runScript(
  script: string,
  scriptArguments: readonly string[],
  { cwd, timeoutMs }: ScriptOptions,
): Promise<ScriptRun> {
  // Under `npm test` npm names its own file, which starts on every platform without a shell.
  const npm = process.env['npm_execpath'];
  const [command, prefix] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
  const child = spawn(command, [...prefix, 'run', '--silent', script, '--', ...scriptArguments], {
    cwd,
    env: { ...process.env, ...colors },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: a test that spins hears no signal that has to be passed on to it.
    detached: !isWindows,
  });
  const chunks: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  const timers = [
    setTimeout(() => signalGroup(child, 'SIGTERM'), timeoutMs),
    setTimeout(() => signalGroup(child, 'SIGKILL'), timeoutMs + graceMs),
  ];
  const stopListening = passOnInterrupts(child);
  await once(child, 'close');
  timers.forEach((timer) => clearTimeout(timer));
  stopListening();
  return { exitCode: child.exitCode, output: chunks.join('') };
}

/** A group of its own does not hear Ctrl-C in the terminal either. */
function passOnInterrupts(child: ChildProcess): () => void {
  const interrupt = (): void => {
    signalGroup(child, 'SIGTERM');
    process.exitCode = 130;
    child.once('close', () => process.exit());
    setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  return () => process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
}

function signalGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return;
  if (isWindows) {
    spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F']);
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // All of it has ended already.
  }
}
