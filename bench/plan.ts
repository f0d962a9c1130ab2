/** So many of so many due jobs. */
interface Part {
  readonly jobs: number;
  readonly drained: number;
  readonly rounds: number;
}

/** How much is measured. */
export interface Plan {
  readonly emits: { readonly count: number; readonly rounds: number };
  readonly cpuEmits: number;
  /**
   * A small backlog, a large one, and (with one worker only) a huge one. Of the larger ones some are run:
   * for each page the emulator looks at every row there is, so that to run all would take hours.
   */
  readonly small: { readonly jobs: number; readonly rounds: number; readonly warmUps: number };
  readonly large: Part;
  readonly huge: Part | undefined;
  /** The drains with a slow handler, and those in lines, so many at a time. */
  readonly special: { readonly jobs: number; readonly rounds: number; readonly warmUps: number };
  readonly lines: readonly number[];
  readonly imports: number;
}

export const FULL_PLAN: Plan = {
  emits: { count: 300, rounds: 7 },
  cpuEmits: 5_000,
  small: { jobs: 1_000, rounds: 7, warmUps: 6 },
  large: { jobs: 20_000, drained: 4_000, rounds: 3 },
  huge: { jobs: 100_000, drained: 4_000, rounds: 1 },
  special: { jobs: 1_000, rounds: 3, warmUps: 0 },
  lines: [1, 100, 1_000],
  imports: 11,
};

export const QUICK_PLAN: Plan = {
  emits: { count: 100, rounds: 3 },
  cpuEmits: 2_000,
  small: { jobs: 1_000, rounds: 3, warmUps: 2 },
  large: { jobs: 10_000, drained: 2_000, rounds: 1 },
  huge: undefined,
  special: { jobs: 300, rounds: 1, warmUps: 0 },
  lines: [1, 30, 300],
  imports: 3,
};

/** Over how many rows the long operations are measured. */
export interface OperationPlan {
  readonly redriven: number;
  readonly replayed: number;
  /** And restored. */
  readonly archived: number;
}

export const FULL_OPERATIONS: OperationPlan = {
  redriven: 20_000,
  replayed: 100_000,
  archived: 50_000,
};

export const QUICK_OPERATIONS: OperationPlan = {
  redriven: 1_000,
  replayed: 2_000,
  archived: 1_000,
};
