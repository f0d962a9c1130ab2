export interface RunningProcess {
  readonly pid: number;
  readonly parentPid: number;
  readonly command: string;
}

export const LIST_PROCESSES = ['ps', '-A', '-o', 'pid=,ppid=,args='] as const;

/** Reads what LIST_PROCESSES prints. */
export function parseProcesses(output: string): RunningProcess[] {
  const processes: RunningProcess[] = [];
  for (const line of output.split('\n')) {
    const match = /^\s*(\d+)\s+(\d+)\s(.*)$/.exec(line);
    if (match === null) continue;
    const [, pid, parentPid, command = ''] = match;
    processes.push({ pid: Number(pid), parentPid: Number(parentPid), command });
  }
  return processes;
}

/** Children, their children, and so on; not the process itself. */
export function findDescendants(
  processes: readonly RunningProcess[],
  pid: number,
): RunningProcess[] {
  const children = processes.filter((one) => one.parentPid === pid && one.pid !== pid);
  return children.flatMap((child) => [child, ...findDescendants(processes, child.pid)]);
}
