// Runs one command and ends everything that came of it when its own standard input closes: when whoever
// started it asks for that, and also when they were killed and could not ask any more.
//
// It is started as leader of a process group of its own. The Firestore emulator leaves that group (it is
// spawned detached by firebase-tools), so the tree below is remembered too.
import { spawn, spawnSync } from 'node:child_process';
import {
  findDescendants,
  LIST_PROCESSES,
  parseProcesses,
  type RunningProcess,
} from './process-tree.ts';

const CLEAN_SHUTDOWN_MS = 10_000;

const [command = '', ...args] = process.argv.slice(2);
const known = new Map<number, string>();
let isStopping = false;

const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], windowsHide: true });
child.once('error', (error) => {
  console.error(`Could not start ${command}: ${error.message}`);
  killEverything();
});
child.once('exit', killEverything);

// What reaches the whole group is meant for the others; the guard sees them out.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, askToStop);
process.stdin.on('data', rememberTree);
process.stdin.once('close', askToStop);

function askToStop(): void {
  if (isStopping) return;
  isStopping = true;
  rememberTree();
  setTimeout(killEverything, CLEAN_SHUTDOWN_MS);
  if (process.platform === 'win32') killEverything();
  else process.kill(-process.pid, 'SIGTERM');
}

function listProcesses(): RunningProcess[] {
  const [program, ...options] = LIST_PROCESSES;
  return parseProcesses(spawnSync(program, options, { encoding: 'utf8' }).stdout ?? '');
}

function rememberTree(): void {
  if (process.platform === 'win32') return;
  for (const { pid, command: line } of findDescendants(listProcesses(), process.pid))
    known.set(pid, line);
}

function killEverything(): void {
  if (process.platform === 'win32') {
    // Written from the documentation, not tried: /T takes the children along.
    spawnSync('taskkill', ['/PID', String(process.pid), '/T', '/F']);
    return;
  }
  for (const { pid, command: line } of listProcesses()) {
    // A number that somebody else got meanwhile has another command line.
    if (known.get(pid) === line) kill(pid);
  }
  kill(-process.pid);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself, which is what was wanted.
  }
}
