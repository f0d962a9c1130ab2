import type { z } from 'zod';
import type { DocumentWrite, ServerTime } from '#kernel';
import type { Effects, NewJob } from '#outbox';
import type { OperationFinding } from './operation.ts';

/** What a step is told. */
export interface StepAsked<Params> {
  readonly operationId: string;
  readonly params: Params;
  /** Where the step before ended; undefined in the first. */
  readonly cursor: string | undefined;
  /** Rows that it may look at, at most. */
  readonly limit: number;
  /** When the operation began: what came after that is none of its business. */
  readonly startedAt: Date;
  /** Whether it only counts: for one that has effects outside Firestore. What it answers to be written is left out. */
  readonly dryRun: boolean;
  readonly time: ServerTime;
  readonly signal: AbortSignal;
}

/** What a step found, and what is to be written with its end. */
export interface StepResult {
  /** Rows looked at, at most as many as asked for. */
  readonly seen: number;
  /** Rows that `moves` and `writes` change, or that `jobs` are made for; or would be. */
  readonly done: number;
  /** Rows left as they are, by why. */
  readonly skipped?: Readonly<Record<string, number>>;
  /** Where the next step begins; undefined at the end. */
  readonly cursor: string | undefined;
  /** Changes of jobs; see `Effects`. */
  readonly moves?: NonNullable<Effects['moves']>;
  /** Jobs to be deleted; see `Effects`. */
  readonly removals?: NonNullable<Effects['removals']>;
  readonly writes?: readonly DocumentWrite[];
  /** Jobs to be made, in the bulk slots; those that there are are left as they are. */
  readonly jobs?: readonly NewJob[];
  /** What was found to be wrong. The operation keeps the first 100, and how many there are of each kind. */
  readonly findings?: readonly OperationFinding[];
  /** Where what it made can be found, for the operation to say. */
  readonly output?: string;
  /** Documents that were read. */
  readonly reads: number;
  /** Documents that it wrote by itself, of a kind that `changesAsItLooks`. */
  readonly written?: number;
}

/**
 * A kind of long operation. Its step looks at some rows and answers what is to be written; that, the cursor and the
 * counts are one commit, so a step that is made again counts once.
 */
export interface OperationKind<Params = never> {
  readonly kind: string;
  readonly params: z.ZodType<Params>;
  /**
   * Whether its steps commit by themselves, so that none could only count: a dry run is refused. What they commit has
   * to bear being made again.
   */
  readonly changesAsItLooks?: true;
  /** How many rows there are, for whoever watches. */
  readonly estimate: (params: Params) => Promise<number | undefined>;
  /** Must have no effect of its own unless it `changesAsItLooks`. May be called again for the same cursor. */
  readonly step: (asked: StepAsked<Params>) => Promise<StepResult>;
}

/** A kind of any parameters: what it is given was parsed by its own schema. */
export type AnyOperationKind = Omit<OperationKind, 'params'> & { readonly params: z.ZodType };
