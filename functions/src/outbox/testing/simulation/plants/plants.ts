import { PLANTS_OF_CALLS_AND_SINKS } from './of-calls-and-sinks.ts';
import { PLANTS_OF_LINES_AND_OPERATORS } from './of-lines-and-operators.ts';
import { PLANTS_OF_RUNS } from './of-runs.ts';
import { PLANTS_OF_TRANSACTIONS } from './of-transactions.ts';
import type { Plant } from './plant-type.ts';

/** Each loses, doubles, reorders or blocks something; the simulation must notice every one. */
export const PLANTS: readonly Plant[] = [
  ...PLANTS_OF_RUNS,
  ...PLANTS_OF_TRANSACTIONS,
  ...PLANTS_OF_LINES_AND_OPERATORS,
  ...PLANTS_OF_CALLS_AND_SINKS,
];
