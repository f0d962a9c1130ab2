import { describe, expect, test } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { waitFor } from './wait-for.ts';

const GUARD = join(import.meta.dirname, 'guard.ts');
/** Starts a process that leaves the group, as firebase-tools does with the Firestore emulator. */
const COMMAND = `
  const { spawn } = require('node:child_process');
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true });
  console.log(process.pid + ' ' + child.pid);
  setTimeout(() => {}, 60000);
`;

async function startGuard(): Promise<{ end: () => void; pids: number[] }> {
  const guard = spawn(process.execPath, [GUARD, process.execPath, '-e', COMMAND], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  const [line] = (await once(guard.stdout, 'data')) as [Buffer];
  const pids = line.toString().trim().split(' ').map(Number);
  return { end: () => guard.stdin.end(), pids: [guard.pid ?? 0, ...pids] };
}

/** A process that nobody has waited for yet counts as ended. */
function isRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.startsWith('Z');
}

// Windows has no process groups, and no ps.
const describeOnUnix = process.platform === 'win32' ? describe.skip : describe;

describeOnUnix('guard', () => {
  test('ends everything when its input closes, even what has left the group', async () => {
    const { end, pids } = await startGuard();
    expect(pids.map(isRunning)).toEqual([true, true, true]);
    end();
    await waitFor(
      () => Promise.resolve(pids.some(isRunning)),
      (someRun) => !someRun,
      { what: 'every process to end', timeoutMs: 10_000 },
    );
  }, 15_000);
});
