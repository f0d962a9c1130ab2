import type { DocumentTransaction, DocumentWrite } from '#kernel';
import type { ControlTable } from './model/controls.ts';
import type { OutboxJob } from './model/job.ts';
import type { Fence, Move, Removal } from './model/move.ts';

export type { Fence, Move, Removal };

/** A row as read or just written, and the fence it was seen with. */
export interface JobRow {
  readonly kind: 'job';
  readonly job: OutboxJob;
  readonly fence: Fence;
}

/** A row that is not what a job looks like (edited by hand, say). It can only be parked. */
export interface MalformedRow {
  readonly kind: 'malformed';
  readonly id: string;
  readonly fence: Fence;
  /** What is wrong with it, by field. */
  readonly problem: string;
  /** Whether it stands in a line, and keeps those behind it waiting. */
  readonly isInLine: boolean;
}

/** A row as it is found: a job, or what is none. */
export type Row = JobRow | MalformedRow;

/** What a read found, and when by the server's time. */
export interface RowsRead {
  readonly rows: readonly Row[];
  readonly readAtMs: number;
}

/** Which due rows to read: those of `slots` due from `fromMs` through `throughMs`, oldest first. */
export interface DueQuery {
  readonly slots: readonly number[];
  readonly fromMs: number;
  readonly throughMs: number;
  readonly limit: number;
}

/** What operators set for all workers, and when it was read by the server's time. */
export interface Controls extends ControlTable {
  readonly readAtMs: number;
}

/** A row as it is stored, whatever it looks like. */
export interface RawRow {
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly fence: Fence;
}

/**
 * Which rows to scan: those of one status, those whose status is none that there are, or all. Rows without
 * any status, or with null for it, are found by `all` only.
 */
export type Scan = 'all' | 'no-status' | 'pending' | 'processing' | 'failed' | 'cancelled';

/** The end of a conditional write. `lost`: the row is no longer as it was decided on; nothing was written. */
export type WriteResult =
  | { readonly kind: 'written'; readonly row: JobRow }
  | { readonly kind: 'lost' };

/** What is committed together with a job's settle. */
export interface SettlingEffects {
  readonly writes: readonly DocumentWrite[];
  /** Other rows: if one of them is no longer as its fence says, nothing is written. */
  readonly moves: readonly Move[];
  /** Other rows to be deleted, on the same condition. Default: none. */
  readonly removals?: readonly Removal[] | undefined;
  /** Children that start `pending`: somebody will find them. */
  readonly pending: readonly DocumentWrite[];
  /** Children that the settling worker runs itself: created already claimed. */
  readonly started: readonly OutboxJob[];
}

/**
 * The end of a settling commit. `refused`: our row was as expected, but the effects could not be
 * written; nothing was.
 */
export type SettleResult =
  | { readonly kind: 'settled'; readonly started: readonly JobRow[] }
  | { readonly kind: 'lost' }
  | { readonly kind: 'refused'; readonly error: unknown };

/**
 * What a job does in the transaction that settles it: reads and writes of its own, and what else is to be
 * committed. Run again on contention.
 */
export type SettlingWork = (transaction: DocumentTransaction) => Promise<{
  /** The row as it is to be. */
  readonly next: OutboxJob;
  /** Children; those that exist already are left out. */
  readonly pending: readonly DocumentWrite[];
}>;

/**
 * The end of a transaction that settles a job. `refused`: the row was as expected, but `work` threw this,
 * or what it wrote could not be written. `contended`: others kept changing what it read. Nothing was written.
 */
export type TransactResult =
  | { readonly kind: 'settled' | 'lost' | 'contended' }
  | { readonly kind: 'refused'; readonly error: unknown };

/**
 * What the engine asks of its database. Each method throws only if the database itself fails.
 *
 * The database's client may send a write twice when an answer is lost. So a write that is refused is
 * read back before it is called lost: the run's own `runId` in the row's history is the proof that it
 * was our first sending that won.
 */
export interface OutboxStore {
  readControls(): Promise<Controls>;
  /** Changes what operators set, in a transaction; `edit` may be called several times. */
  editControls(edit: (table: ControlTable) => ControlTable): Promise<void>;
  findDue(query: DueQuery): Promise<RowsRead>;
  /** The rows with these ids; those that do not exist are left out. */
  readRows(ids: readonly string[]): Promise<RowsRead>;
  /** The first `limit` rows of a line, lowest sequence first; none where nobody stands in it. */
  readLine(orderingKey: string, limit: number): Promise<RowsRead>;
  /** Brings a row to the state `next`, if it is still as `fence` says. */
  write(fence: Fence, next: OutboxJob): Promise<WriteResult>;
  /** Brings several rows to new states in one commit, if each is still as its fence says; else none. */
  writeAll(moves: readonly Move[]): Promise<boolean>;
  /** A page of rows in the order of their ids; `no-status` has no order and no `afterId`. */
  scan(
    which: Scan,
    page: { readonly afterId?: string | undefined; readonly limit: number },
  ): Promise<{ readonly rows: readonly RawRow[]; readonly readAtMs: number }>;
  /** At most `limit` rows that a pause holds. */
  findPaused(pauseId: string, limit: number): Promise<RowsRead>;
  /** At most `limit` dead letters that keep their place and block their lines. */
  findBlocking(limit: number): Promise<RowsRead>;
  /** As `write`, in one commit with effects; those that exist already (by an earlier run) are left out. */
  settle(fence: Fence, next: OutboxJob, effects: SettlingEffects): Promise<SettleResult>;
  /**
   * Brings `row`, whose run is ours, to the state that `work` says, in one transaction with what it reads
   * and writes, if the row is still as its fence says.
   */
  transact(row: JobRow, work: SettlingWork): Promise<TransactResult>;
  /**
   * Parks a row that is no job: `failed`, reason `malformed`, blocking if it stands in a line. Does
   * nothing if it was changed since.
   */
  park(row: MalformedRow, nowMs: number): Promise<void>;
}
