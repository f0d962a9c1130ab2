import type { FaultCounts } from './faults.ts';
import type { AskedCall } from './worker-calls.ts';
import type { World } from './world.ts';

/** What there was in one simulation, or in many together, by name. */
export type Tally = Readonly<Record<string, number>>;

export function tallyOf(world: World): Tally {
  const { ledger } = world.judge;
  const jobs = [...ledger.jobs.values()].filter(
    ({ row, isVandalised }) => row !== undefined || isVandalised,
  );
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
    ...tallyOfCalls(world),
    ...tallyOfSinks(world),
    ...endings,
    ...(Object.fromEntries(changes) as Tally),
  };
}

function isHandOff({ notBeforeMs, task }: AskedCall): boolean {
  return notBeforeMs === undefined && task.hop === 0;
}

function tallyOfCalls({ calls: { asked, workers, counts } }: World): Tally {
  return {
    'calls: handed off': asked.filter(isHandOff).length,
    'calls: gone on': asked.filter(({ task }) => task.hop > 0).length,
    'calls: to retries': asked.filter(({ notBeforeMs }) => notBeforeMs !== undefined).length,
    'calls: known already': asked.filter(({ answer }) => answer === 'exists').length,
    'calls: not answered': asked.filter(({ answer }) => answer === undefined).length,
    'calls: lost': counts.lost,
    'calls: late': counts.late,
    'calls: twice': counts.twice,
    workers: workers.length,
  };
}

function tallyOfSinks(world: World): Tally {
  const { batches, contentions, deadLetters, jobs } = world.judge.ledger;
  const rows = [...jobs.values()].filter(({ row }) => row !== undefined);
  const fates = [...deadLetters.values()];
  const starts = rows.flatMap((job) => job.starts);
  return {
    'batches of several': batches.filter((size) => size > 1).length,
    'circuits opened':
      world.logged['sink fails again and again; it is left alone for a while'] ?? 0,
    'circuits closed': world.logged['sink answers again'] ?? 0,
    'not known yet': starts.filter(({ call }) => call?.result === 'unroutable').length,
    'transactions contended': contentions,
    probes: starts.filter(({ call }) => call?.isProbe === true).length,
    'jobs with a time': rows.filter(({ notBeforeMs }) => notBeforeMs !== undefined).length,
    'bulk jobs': rows.filter(({ isBulk }) => isBulk).length,
    'dead letters marked': fates.filter((fate) => fate === 'written').length,
    'dead letters unmarked': fates.filter((fate) => fate !== 'written').length,
    'instances told to end': world.instances.filter(({ stopping }) => stopping.signal.aborted)
      .length,
    'given back by them': starts.filter(
      ({ end, invocation: { process } }) =>
        end?.outcome === 'released' && end.atMs >= (process.stoppedAtMs ?? Infinity),
    ).length,
  };
}

export function sumOf(tallies: readonly Tally[]): Tally {
  const sum: Record<string, number> = {};
  for (const tally of tallies) {
    for (const [name, count] of Object.entries(tally)) sum[name] = (sum[name] ?? 0) + count;
  }
  return sum;
}
