import { DAY_MS } from '#kernel';
import type { RunFacts } from '../facts.ts';
import type { JobType } from '../job-types.ts';
import { jobTypeOf, LONGEST_WAIT_MS, MAX_AGE_MS, mayRepeat } from '../job-types.ts';
import type { Check, PromiseCheck } from '../promise.ts';
import type { RowChange } from '../row-change.ts';
import { isEnd } from '../row-change.ts';

/** How a run really went, as far as that decides how its row ends. */
type Truth = NonNullable<NonNullable<RunFacts['call']>['result']> | 'timeout' | 'no answer';

const endsAsItsRunDid: Check<RowChange> = (change) => {
  if (!isEnd(change)) return undefined;
  const { after, run } = change;
  const type = jobTypeOf(after.jobType);
  if (type === undefined) return `${after.id}: run without a handler`;
  const truth = truthOf(run);
  const ending = after.failure?.reason ?? after.status;
  if (endingsOf(truth, type, change).includes(ending)) return undefined;
  return `${after.id}: ended ${ending}, but its run ${run?.runId}: ${truth}`;
};

function truthOf(run: RunFacts | undefined): Truth {
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
      return mayRepeat(type) ? endingsOfFailure(change) : ['unknown-outcome'];
    case 'retry-after':
      return mayHaveExpired(change) ? ['pending', 'expired'] : ['pending'];
    case 'no answer':
      return [];
  }
}

function endingsOfFailure({ after, job }: RowChange): string[] {
  // The ledger has counted this attempt already where there is another to come.
  const spent = after.status === 'pending' ? job.spent : job.spent + 1;
  return spent >= after.maxAttempts ? ['attempts-spent'] : ['pending'];
}

function mayHaveExpired({ after, atMs }: RowChange): boolean {
  return atMs + LONGEST_WAIT_MS > after.openedAt + MAX_AGE_MS;
}

/** A dead letter without a run; whether poison is poison is a promise of its own. */
const isRefusedForAReason: Check<RowChange> = (change) => {
  const { kind, after } = change;
  if (kind !== 'refuse') return undefined;
  const reason = after.failure?.reason;
  const isTrue =
    reason === 'poison' ||
    (reason === 'unknown-outcome' && isUnknown(change)) ||
    (reason === 'unroutable' && isUnroutable(change));
  return isTrue ? undefined : `${after.id}: refused as ${reason}`;
};

function isUnknown({ after, before }: RowChange): boolean {
  const type = jobTypeOf(after.jobType);
  return before?.status === 'processing' && type !== undefined && !mayRepeat(type);
}

/** A day is what a rollout may take. */
function isUnroutable({ after, atMs }: RowChange): boolean {
  const type = jobTypeOf(after.jobType);
  const mayBeUnknown = type === undefined || type.isNew === true;
  return mayBeUnknown && atMs - after.openedAt >= DAY_MS;
}

const isReleasedBeforeItBegan: Check<RowChange> = ({ kind, after, run }) =>
  kind === 'release' && run?.call !== undefined ? `${after.id}: begun, and released` : undefined;

export const OUTCOMES: PromiseCheck = {
  name: 'rows end as their runs did',
  rows: [endsAsItsRunDid, isRefusedForAReason, isReleasedBeforeItBegan],
};
