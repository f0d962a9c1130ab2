import type { JobStatus, OutboxJob } from '../model/job.ts';

/** How many rows there are in each state that can be counted; sent ones are too many. */
export type StatusCounts = Readonly<
  Record<Extract<JobStatus, 'pending' | 'processing' | 'failed'>, number>
>;

/** How many rows there are, all counted at one moment. */
export interface JobCounts {
  /** Of all types. */
  readonly total: StatusCounts;
  /** One entry for each type that was asked for, in that order. */
  readonly types: readonly (StatusCounts & { readonly jobType: string })[];
  /** Of types that were not asked for. */
  readonly others: StatusCounts;
  /** Dead letters that keep those behind them waiting. */
  readonly blocked: number;
}

/** A job that is due. */
export interface DueJob {
  /** Its id. */
  readonly jobId: string;
  /** As its row says; `undefined`, as a text, where it says none. */
  readonly jobType: string;
  /** Since when; by the server. */
  readonly dueAtMs: number;
}

/** A line that waits for a dead letter. */
export interface BlockedLine {
  /** What names the line. */
  readonly orderingKey: string;
  /** Who blocks it. */
  readonly jobId: string;
  /** The same, where its row is a job. */
  readonly job?: OutboxJob | undefined;
  /** What is wrong with its row, where it is none. */
  readonly problem?: string | undefined;
  /** Jobs that stand in the line besides, up to 999. */
  readonly waiting: number;
}
