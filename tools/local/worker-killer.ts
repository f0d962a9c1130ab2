import { execFileSync } from 'node:child_process';
import { findDescendants, LIST_PROCESSES, parseProcesses } from './process-tree.ts';

/** Kills the processes that the Functions emulator runs functions in, at once; says how many. */
export function killFunctionWorkers(): number {
  const [command, ...parameters] = LIST_PROCESSES;
  const running = parseProcesses(execFileSync(command, parameters, { encoding: 'utf8' }));
  const workers = findDescendants(running, process.pid).filter(({ command: line }) =>
    line.includes('functionsEmulatorRuntime'),
  );
  for (const { pid } of workers) process.kill(pid, 'SIGKILL');
  return workers.length;
}
