import type { Verdict } from '../budgets.ts';
import { judge } from '../budgets.ts';
import type { OperationPlan } from '../plan.ts';
import type { Stage } from '../stage.ts';
import type { OperationRun } from '../results.ts';
import type { Asked } from '../worker/run-operation.ts';
import { TENANT } from '../worker/tenant.ts';

/** What a deployed worker has. */
const MEMORY_MIB = 512;

/** Each in a process of its own, so that the most memory it had says something. */
export async function measureOperations(
  stage: Stage,
  plan: OperationPlan,
  begin: (name: string) => void,
): Promise<readonly OperationRun[]> {
  const [seeder] = stage.workers;
  const run = async (rows: number, asked: Asked): Promise<OperationRun> => {
    begin(`${asked.kind} of ${rows.toLocaleString('en')}`);
    const worker = stage.startWorker();
    try {
      const ran = await worker.ask('runOperation', asked);
      return { kind: asked.kind, rows, ...ran };
    } finally {
      await worker.stop();
    }
  };
  begin('dead letters');
  await seeder.ask('seedDeadLetters', plan.redriven);
  const redrive = await run(plan.redriven, { kind: 'redrive', params: { all: true } });
  begin('events to rebuild from');
  await seeder.ask('seedEvents', plan.replayed);
  const projection = { projection: 'matter_billing', orgId: TENANT };
  const rebuild = await run(plan.replayed, { kind: 'rebuild', params: projection });
  begin('events to archive');
  await seeder.ask('seedEvents', plan.archived);
  const archive = await run(plan.archived, { kind: 'archive', params: { orgId: TENANT } });
  // From the first of them to the last, whatever their number.
  const params = { orgId: TENANT, from: '2020-01-01', to: '2020-12-31' };
  const restore = await run(plan.archived, { kind: 'restore', params });
  return [redrive, rebuild, archive, restore];
}

/** What is promised of all of them. */
export function judgeOperations(runs: readonly OperationRun[]): Verdict[] {
  return runs.flatMap(({ kind: name, rows, done, peakMiB }) => [
    judge({ name: `${name}: rows done`, kind: 'exactly', limit: rows, measured: done }),
    judge({
      name: `${name}: memory`,
      kind: 'at most',
      limit: MEMORY_MIB,
      measured: peakMiB,
      unit: 'MiB',
    }),
  ]);
}
