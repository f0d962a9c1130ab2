import { addControllers } from './actors/controllers.ts';
import { addClients } from './actors/clients.ts';
import { addMaintenance } from './actors/maintenance.ts';
import { addOperators } from './actors/operators.ts';
import { addTasks } from './actors/tasks.ts';
import { addTicks } from './actors/ticks.ts';
import { addTriggers } from './actors/triggers.ts';
import { addVandal, checkNonsense } from './actors/vandal.ts';
import type { Violation } from './promise.ts';
import { quieten } from './quiet.ts';
import type { Scenario } from './scenario.ts';
import type { Tally } from './tally.ts';
import { tallyOf } from './tally.ts';
import { World } from './world.ts';

/** How one simulation went. */
export interface SimulationResult {
  readonly scenario: Scenario;
  readonly violations: readonly Violation[];
  readonly tally: Tally;
  /** Differs as soon as anything does. */
  readonly traceHash: string;
  readonly trace: readonly string[];
}

/** Plays a scenario to its end, or to the first broken promise. */
export async function simulate(
  scenario: Scenario,
  options: { readonly trace?: boolean } = {},
): Promise<SimulationResult> {
  const world = new World(scenario, options.trace === true);
  const { scheduler, judge } = world;
  const isBroken = (): boolean => {
    if (scheduler.steps === scenario.maxSteps)
      judge.accuse('it comes to an end', `after ${scenario.maxSteps} steps`);
    return judge.violations.length > 0;
  };
  addTriggers(world);
  addClients(world);
  addVandal(world);
  addOperators(world);
  addControllers(world);
  addTasks(world);
  const tick = addTicks(world);
  const maintain = addMaintenance(world);
  await scheduler.runThrough(world.chaosEndsAtMs, isBroken);
  world.faults.isOver = true;
  await quieten(world, { tick, maintain }, isBroken);
  if (!isBroken()) checkNonsense(world);
  if (!isBroken()) judge.ended();
  const { trace } = scheduler;
  return {
    scenario,
    violations: judge.violations,
    tally: tallyOf(world),
    traceHash: trace.hash,
    trace: trace.lines,
  };
}
