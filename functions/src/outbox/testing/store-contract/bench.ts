import type { DocumentData, DocumentWrite } from '#kernel';
import type { OutboxJob } from '../../model/job.ts';
import { KEEP_SENT_MS } from '../../model/job.ts';
import type { AttemptOutcome } from '../../model/outcome.ts';
import { endRun, startRun } from '../../model/transitions.ts';
import { createRow } from '../../record/record-job.ts';
import type { JobRow, OutboxStore, RowsRead, SettlingEffects } from '../../store.ts';
import { aRun, T0 } from '../factories.ts';

/** A store, and the means to write and read beside it, as another worker or an operator would. */
export interface StoreUnderTest {
  readonly store: OutboxStore;
  readonly write: (writes: readonly DocumentWrite[]) => Promise<void>;
  /** The fields of a document; undefined where there is none. */
  readonly read: (path: string) => Promise<DocumentData | undefined>;
}

/** Opens an empty store; called for each case. */
export type MakeStore = () => Promise<StoreUnderTest>;

/** What a case needs to set its scene in a line. */
export interface Bench extends StoreUnderTest {
  readonly put: (...jobs: readonly OutboxJob[]) => Promise<void>;
  /** The row with this id, which has to be one. */
  readonly row: (id: string) => Promise<JobRow>;
  /** Writes this row and reads it back. */
  readonly given: (job: OutboxJob) => Promise<JobRow>;
  /** Another worker claims the row as it is now. */
  readonly claimElsewhere: (id: string) => Promise<JobRow>;
  readonly exists: (path: string) => Promise<boolean>;
}

export async function openBench(makeStore: MakeStore): Promise<Bench> {
  const underTest = await makeStore();
  const { store, write, read } = underTest;
  const put = (...jobs: readonly OutboxJob[]) => write(jobs.map(createRow));
  const row = async (id: string): Promise<JobRow> => {
    const [found] = (await store.readRows([id])).rows;
    if (found?.kind !== 'job') throw new Error(`${id} is no job.`);
    return found;
  };
  return {
    ...underTest,
    put,
    row,
    given: async (job) => {
      await put(job);
      return row(job.id);
    },
    claimElsewhere: async (id) => {
      const { fence, job } = await row(id);
      return writtenBy(await store.write(fence, startRun(job, aRun())));
    },
    exists: async (path) => (await read(path)) !== undefined,
  };
}

/** The row of a write that has to have been written. */
export function writtenBy(result: Awaited<ReturnType<OutboxStore['write']>>): JobRow {
  if (result.kind !== 'written') throw new Error('The write was lost.');
  return result.row;
}

const success: AttemptOutcome = { kind: 'success' };
const failure: AttemptOutcome = { kind: 'failure', code: 'E1', message: 'no' };

/** `job` as claimed by a fresh run. */
export function claimed(job: OutboxJob): OutboxJob {
  return startRun(job, aRun());
}

const ended = { nowMs: T0 + 1_000, keepSentMs: KEEP_SENT_MS };

/** A running job as it is once sent. */
export function sent(job: OutboxJob): OutboxJob {
  const settlement = { kind: 'sent' } as const;
  return endRun(job, {}, { settlement, outcome: success, ...ended });
}

/** A running job as it is after a failed attempt. */
export function failedOnce(job: OutboxJob): OutboxJob {
  const settlement = { kind: 'retry', atMs: T0 + 61_000, spendsAttempt: true } as const;
  return endRun(job, {}, { settlement, outcome: failure, ...ended });
}

export function effects(said: Partial<SettlingEffects> = {}): SettlingEffects {
  return { writes: [], moves: [], pending: [], started: [], ...said };
}

/** The path of a job's row. */
export function pathOf({ id }: Pick<OutboxJob, 'id'>): string {
  return `outbox/${id}`;
}

/** What is left of a job when fields that are undefined are not there. */
export function defined(job: OutboxJob): OutboxJob {
  const entries = Object.entries(job).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as unknown as OutboxJob;
}

/** The ids of what a read found, in its order. */
export function idsOf({ rows }: RowsRead): string[] {
  return rows.map((row) => (row.kind === 'job' ? row.job.id : row.id));
}
