import type { FaultCounts } from './faults.ts';
import type { World } from './world.ts';

/** What there was in one simulation, or in many together, by name. */
export type Tally = Readonly<Record<string, number>>;

export function tallyOf(world: World): Tally {
  const { ledger } = world.judge;
  const jobs = [...ledger.jobs.values()];
  const endings: Record<string, number> = {};
  for (const { row, isVandalised } of jobs) {
    const ending = isVandalised ? 'malformed' : (row?.failure?.reason ?? row?.status ?? 'nothing');
    endings[`ended ${ending}`] = (endings[`ended ${ending}`] ?? 0) + 1;
  }
  const changes = Object.entries(ledger.changes).map(([kind, count]) => [`rows: ${kind}`, count]);
  const faults: FaultCounts = world.faults.counts;
  return {
    steps: world.scheduler.steps,
    jobs: jobs.length,
    calls: ledger.invocations.length,
    ...faults,
    starts: jobs.reduce((sum, { starts }) => sum + starts.length, 0),
    deliveries: jobs.reduce((sum, { deliveries }) => sum + deliveries.length, 0),
    duplicates: jobs.reduce((sum, { deliveries }) => sum + Math.max(0, deliveries.length - 1), 0),
    'late results dropped': world.logged['job lease-lost'] ?? 0,
    ...endings,
    ...(Object.fromEntries(changes) as Tally),
  };
}

export function sumOf(tallies: readonly Tally[]): Tally {
  const sum: Record<string, number> = {};
  for (const tally of tallies) {
    for (const [name, count] of Object.entries(tally)) sum[name] = (sum[name] ?? 0) + count;
  }
  return sum;
}
