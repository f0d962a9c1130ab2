import type { Scenario } from '../scenario.ts';

/** A bug to be put into the engine, as one change to one source file. */
export interface Plant {
  readonly name: string;
  /** Relative to the outbox module. */
  readonly file: string;
  /** Occurs there exactly once. */
  readonly find: string;
  readonly put: string;
  /** Knobs that make what it breaks less rare. */
  readonly scenario?: Partial<Scenario>;
}
