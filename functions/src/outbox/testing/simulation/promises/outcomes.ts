import { DAY_MS, SECOND_MS } from '#kernel';
import type { RunFacts } from '../facts.ts';
import type { JobType } from '../job-types.ts';
import { jobTypeOf, LONGEST_WAIT_MS, MAX_AGE_MS, mayRepeat } from '../job-types.ts';
import type { Check, PromiseCheck } from '../promise.ts';
import type { RowChange } from '../row-change.ts';
import { isEnd } from '../row-change.ts';

/** How long a sink is left alone that failed again and again. */
const LEFT_ALONE_MS = 30 * SECOND_MS;

/** How a run really went, as far as that decides how its row ends. */
type Truth = NonNullable<NonNullable<RunFacts['call']>['result']> | 'timeout' | 'no answer';

const endsAsItsRunDid: Check<RowChange> = (change) => {
  if (!isEnd(change)) return undefined;
  const { after, run } = change;
  const type = jobTypeOf(after.jobType);
  if (type === undefined) return `${after.id}: run without a handler`;
  const truth = truthOf(run, type);
  const ending = after.failure?.reason ?? after.status;
  if (mayHaveEnded(truth, type, change).includes(ending)) return undefined;
  return `${after.id}: ended ${ending}, but its run ${run?.runId}: ${truth}`;
};

function mayHaveEnded(truth: Truth, type: JobType, change: RowChange): readonly string[] {
  if (change.run?.call?.isProbe === true) return endingsOfProbe(truth, type, change);
  const endings = endingsOf(truth, type, change);
  // The commit of a transaction may have been under way when it was given up.
  return truth === 'timeout' && type.transacts === true ? [...endings, 'sent'] : endings;
}

function truthOf(run: RunFacts | undefined, { transacts }: JobType): Truth {
  // A transaction that began too late never calls its handler.
  if (transacts === true && run !== undefined && run.call === undefined) return 'timeout';
  if (run?.call?.isAborted === true) return 'timeout';
  return run?.call?.result ?? 'no answer';
}

function endingsOf(truth: Truth, type: JobType, change: RowChange): string[] {
  switch (truth) {
    case 'ok':
      return ['sent'];
    case 'permanent':
      return ['permanent'];
    case 'failure':
    case 'refused':
      return endingsOfFailure(change);
    case 'timeout':
    case 'unknown':
      return endingsOfDoubt(type, change);
    case 'retry-after':
      return laterOrExpired(change, LONGEST_WAIT_MS);
    case 'unroutable':
      return laterOrUnroutable(change);
    case 'no answer':
      return [];
  }
}

/** It tells whether the sink is there, and spends nothing; but nobody may send twice where that is forbidden. */
function endingsOfProbe(truth: Truth, type: JobType, change: RowChange): string[] {
  const isDoubtful = truth === 'timeout' || truth === 'unknown';
  if (isDoubtful && !mayRepeat(type)) return ['unknown-outcome'];
  return truth === 'failure' || isDoubtful
    ? laterOrExpired(change, sinkWaitMs(change))
    : endingsOf(truth, type, change);
}

function endingsOfDoubt(type: JobType, change: RowChange): string[] {
  return mayRepeat(type) ? endingsOfFailure(change) : ['unknown-outcome'];
}

function endingsOfFailure({ after, job }: RowChange): string[] {
  // The ledger has counted this attempt already where there is another to come.
  const spent = after.status === 'pending' ? job.spent : job.spent + 1;
  return spent >= after.maxAttempts ? ['attempts-spent'] : ['pending'];
}

/** Dead where it would have to wait past its age. */
function laterOrExpired({ after, atMs }: RowChange, waitMs: number): string[] {
  return atMs + waitMs > after.openedAt + MAX_AGE_MS ? ['pending', 'expired'] : ['pending'];
}

/** Dead after a day of looking again. */
function laterOrUnroutable(change: RowChange): string[] {
  return isADayOld(change) ? ['pending', 'unroutable'] : ['pending'];
}

/** A dead letter without a run; whether poison is poison is a promise of its own. */
const isRefusedForAReason: Check<RowChange> = (change) => {
  const { kind, after } = change;
  if (kind !== 'refuse') return undefined;
  const reason = after.failure?.reason;
  const isTrue =
    reason === 'poison' ||
    (reason === 'unknown-outcome' && isUnknown(change)) ||
    (reason === 'unroutable' && isUnroutable(change)) ||
    (reason === 'expired' && isTooOldForItsSink(change));
  return isTrue ? undefined : `${after.id}: refused as ${reason}`;
};

function isUnknown({ after, before }: RowChange): boolean {
  const type = jobTypeOf(after.jobType);
  return before?.status === 'processing' && type !== undefined && !mayRepeat(type);
}

/** A day is what a rollout may take. */
function isUnroutable(change: RowChange): boolean {
  const type = jobTypeOf(change.after.jobType);
  const mayBeUnknown = type === undefined || type.isNew === true;
  return mayBeUnknown && isADayOld(change);
}

function isADayOld({ after, atMs }: RowChange): boolean {
  return atMs - after.openedAt >= DAY_MS;
}

/** Its sink is left alone, for the longer the older it is, and then it would be too old. */
function isTooOldForItsSink(change: RowChange): boolean {
  const { after, atMs } = change;
  const isOfSink = jobTypeOf(after.jobType)?.kind === 'external';
  return isOfSink && atMs + sinkWaitMs(change) > after.openedAt + MAX_AGE_MS;
}

function sinkWaitMs({ after, atMs }: RowChange): number {
  return Math.max((atMs - after.openedAt) / 2, LEFT_ALONE_MS);
}

const isReleasedBeforeItBegan: Check<RowChange> = ({ kind, after, run }) =>
  kind === 'release' && run?.call !== undefined ? `${after.id}: begun, and released` : undefined;

export const OUTCOMES: PromiseCheck = {
  name: 'rows end as their runs did',
  rows: [endsAsItsRunDid, isRefusedForAReason, isReleasedBeforeItBegan],
};
