import { MINUTE_MS } from '#kernel';
import { runJobsNow } from '../../../processor/fast-path.ts';
import { Fleet } from '../fleet.ts';
import type { World } from '../world.ts';
import { EVENTS } from './clients.ts';

/** The trigger of new events: called once, twice, late, or not at all. */
export function addTriggers(world: World): void {
  const timeoutMs = MINUTE_MS;
  const fleet = new Fleet(world, {
    by: 'trigger',
    concurrency: 10,
    timeoutMs,
    budgetMs: timeoutMs,
  });
  const random = world.random.fork('triggers');
  const { triggerLossShare, triggerTwiceShare, triggerLateShare } = world.scenario;
  const callSoon = (jobIds: readonly string[]): void => {
    const isLate = random.chance(triggerLateShare);
    const atMs = world.nowMs + (isLate ? random.int(1_000, 5 * MINUTE_MS) : random.int(1, 300));
    world.at(atMs, 'trigger', () => {
      fleet.invoke((worker) => runJobsNow(worker, jobIds));
    });
  };
  world.onCommit.push((changes) => {
    for (const { path, before, after } of changes) {
      if (!path.startsWith(`${EVENTS}/`) || before !== undefined || after === undefined) continue;
      const jobIds = after['jobIds'] as string[];
      world.judge.ledger.cause(jobIds);
      if (!random.chance(triggerLossShare)) callSoon(jobIds);
      if (random.chance(triggerTwiceShare)) callSoon(jobIds);
    }
  });
}
