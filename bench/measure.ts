import { compareDrain, nameOf } from './cases/drain.ts';
import type { DrainCase } from './cases/drain.ts';
import { compareEmit } from './cases/emit.ts';
import { compareImport } from './cases/import.ts';
import type { Plan } from './plan.ts';
import type { Comparison } from './results.ts';
import type { Stage } from './stage.ts';
import type { Measured } from './verdicts.ts';

/** How long a slow handler takes. */
const SLOW_HANDLER_MS = 20;

/** Measures everything, one thing after the other; `begin` hears of each by name. */
export async function measureAll(
  stage: Stage,
  plan: Plan,
  begin: (name: string) => void,
): Promise<{ readonly comparisons: readonly Comparison[]; readonly measured: Measured }> {
  const [worker] = stage.workers;
  const drainCase = async (one: DrainCase): Promise<Comparison> => {
    begin(nameOf(one));
    return compareDrain(stage, one);
  };
  // First, because it builds: what does not compile is known at once.
  begin('imports');
  const imports = await compareImport(stage, plan.imports);
  begin('operations');
  const operations = await worker.ask('countOperations');
  begin('emits');
  const emitAlone = await compareEmit(stage, 'alone', plan.emits);
  const emits = [
    emitAlone,
    await compareEmit(stage, 'in a transaction', plan.emits),
    await compareEmit(stage, 'in a stream', plan.emits),
  ];
  const emitCpuMs = await worker.ask('measureEmitCpu', { count: plan.cpuEmits });
  const smallest = await drainCase(plan.small);
  const drains = [
    smallest,
    await drainCase({ ...plan.small, workers: 2 }),
    await drainCase(plan.large),
    await drainCase({ ...plan.large, workers: 2 }),
  ];
  if (plan.huge !== undefined) drains.push(await drainCase(plan.huge));
  const slow = await drainCase({ ...plan.special, handlerMs: SLOW_HANDLER_MS });
  const inLines: Comparison[] = [];
  for (const streams of plan.lines) {
    inLines.push(await drainCase({ ...plan.special, streams }));
  }
  const largest =
    drains.find(({ dueJobs }) => dueJobs === (plan.huge ?? plan.large).jobs) ?? smallest;
  return {
    comparisons: [...emits, ...drains, slow, ...inLines, imports],
    measured: {
      operations,
      emitAlone,
      emitCpuMs,
      drains,
      smallest,
      largest,
      imports,
    },
  };
}
