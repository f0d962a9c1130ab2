import type { Billed } from '../../functions/src/kernel/testing/meter.ts';
import { measure } from '../../functions/src/kernel/testing/meter.ts';
import { firestore } from './backend.ts';
import { timingQueries } from './query-time.ts';

/** How long something took, on the machine's clock, so that processes can be compared. */
export interface Timed {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** How long this process kept a core busy meanwhile. */
  readonly cpuMs: number;
}

/** What was billed meanwhile, and how long queries took in sum. */
export interface Metered extends Timed {
  readonly billed: Billed;
  readonly queryMs: number;
}

export async function timed(work: () => Promise<unknown>): Promise<Timed> {
  const cpuBefore = process.cpuUsage();
  const startedAtMs = performance.timeOrigin + performance.now();
  await work();
  const endedAtMs = performance.timeOrigin + performance.now();
  const { user, system } = process.cpuUsage(cpuBefore);
  return { startedAtMs, endedAtMs, cpuMs: (user + system) / 1_000 };
}

export async function timedAndMetered(work: () => Promise<unknown>): Promise<Metered> {
  let time: (Timed & { readonly queryMs: number }) | undefined;
  const billed = await measure(firestore, async () => {
    let took: Timed | undefined;
    const queryMs = await timingQueries(firestore, async () => {
      took = await timed(work);
    });
    time = took && { ...took, queryMs };
  });
  if (time === undefined) throw new Error('Nothing ran.');
  return { ...time, billed };
}
