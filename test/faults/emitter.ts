import { setTimeout as pause } from 'node:timers/promises';
import type { Firestore } from '../../functions/src/kernel/testing/emulator-firestore.ts';
import type { SeededRandom } from '../../functions/src/outbox/testing/simulation/random.ts';
import { emitJobs } from './database.ts';
import type { Fleet } from './fleet.ts';
import type { PlannedJob } from './load.ts';
import { DEPLOYED } from './scene.ts';

/** Jobs of one commit, and the time between two. */
const COMMIT = 25;
const LEAST_PAUSE_MS = 150;
/** Shares of the commits whose trigger comes, and of those for which it comes twice. */
const TRIGGERED = 0.6;
const DOUBLED = 0.25;

export interface EmitterPlan {
  readonly fleet: Fleet;
  readonly random: SeededRandom;
  /** Emitters of a busy machine wait: with thousands of open rows the emulator does nothing but read them. */
  readonly hasRoom: () => boolean;
  readonly signal: AbortSignal;
}

/** Emits jobs while the workers are at work; some triggers are lost, some come twice. */
export async function emitSteadily(
  firestore: Firestore,
  jobs: readonly PlannedJob[],
  { fleet, random, hasRoom, signal }: EmitterPlan,
): Promise<void> {
  for (let from = 0; from < jobs.length; from += COMMIT) {
    do await pause(LEAST_PAUSE_MS);
    while (!hasRoom() && !signal.aborted);
    if (signal.aborted) return;
    const commit = jobs.slice(from, from + COMMIT);
    await emitJobs(
      firestore,
      commit.map(({ job }) => job),
      DEPLOYED.slots,
    );
    const triggers = !random.chance(TRIGGERED) ? 0 : random.chance(DOUBLED) ? 2 : 1;
    for (let times = 0; times < triggers; times += 1) triggerSomebody(fleet, commit, random);
  }
}

function triggerSomebody(fleet: Fleet, jobs: readonly PlannedJob[], random: SeededRandom): void {
  const { ready } = fleet;
  const chosen = ready[Math.floor(random.next() * ready.length)];
  const jobIds = jobs.map(({ id }) => id);
  if (chosen !== undefined) fleet.trigger(chosen, jobIds);
}
