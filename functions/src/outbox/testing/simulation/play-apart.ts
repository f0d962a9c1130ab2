import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Violation } from './promise.ts';
import type { Tally } from './tally.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

/** What came of playing seeds: how many were played, the last of which broke a promise if one did. */
export interface PlayedApart {
  readonly seeds: number;
  readonly violation?: Violation;
  readonly tally: Tally;
}

/**
 * Plays seeds in a process of its own, as `npm run simulate` does: a bug is planted as the engine is
 * loaded, and inside Jest everything takes three times as long.
 */
export function playApart(told: readonly string[], timeoutMs: number): PlayedApart {
  const child = spawnSync(process.execPath, [main, '--brief', ...told], {
    encoding: 'utf8',
    timeout: timeoutMs,
  });
  if (child.stderr !== '') throw new Error(child.stderr);
  if (child.error !== undefined) throw child.error;
  return JSON.parse(child.stdout) as PlayedApart;
}
