import { countOperations } from './count-operations.ts';
import { drain } from './drain.ts';
import { measureEmit, measureEmitCpu } from './measure-emit.ts';
import { drainRaw } from './raw-drain.ts';
import { runOperation } from './run-operation.ts';
import { seedDeadLetters, seedEvents } from './seed-rows.ts';
import { seed } from './seed.ts';

/** What a worker process can be asked to do. */
export const tasks = {
  countOperations,
  drain,
  drainRaw,
  measureEmit,
  measureEmitCpu,
  runOperation,
  seed,
  seedDeadLetters,
  seedEvents,
};

export type Tasks = typeof tasks;

/** One question at a time. */
export interface Question {
  readonly task: keyof Tasks;
  readonly input: readonly unknown[];
}

export type Answer = { readonly result: unknown } | { readonly error: string };
