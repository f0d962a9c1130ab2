import type { JobFacts } from '../facts.ts';
import { isExcused } from '../facts.ts';
import { jobTypeOf, killsItsWorker, mayRepeat } from '../job-types.ts';
import type { Check, PromiseCheck } from '../promise.ts';
import type { RowChange } from '../row-change.ts';

/** Starts in a row without an end that make poison. */
const POISON = 3;

/** No worker loses what it runs but by something that happened to it. */
const losesNothingInPeace: Check<RowChange> = (change) => {
  if (change.before?.status !== 'processing') return undefined;
  if (!['take over', 'refuse', 'cancel'].includes(change.kind)) return undefined;
  const { job, kind } = change;
  const lost = job.starts.at(kind === 'take over' ? -2 : -1);
  if (lost === undefined) return `${job.id}: lost a start that never was`;
  if (isExcused(lost)) return undefined;
  return `${job.id}: ${lost.runId} counts as crashed, but nothing happened to its worker`;
};

const isStartedThreeTimesAtMost: Check<RowChange> = ({ job: { id, unended } }) =>
  unended > POISON ? `${id}: start number ${unended} in a row without an end` : undefined;

const isPoisonAfterThree: Check<RowChange> = ({ kind, job: { id, unended }, after }) => {
  const isPoison = kind === 'refuse' && after.failure?.reason === 'poison';
  return isPoison && unended !== POISON ? `${id}: poison after ${unended} starts` : undefined;
};

/** A sink that cannot take a duplicate is not called again where nobody knows whether it was. */
const repeatsNothingForbidden: Check<RowChange> = ({ kind, after }) => {
  const type = jobTypeOf(after.jobType);
  const isForbidden = kind === 'take over' && type !== undefined && !mayRepeat(type);
  return isForbidden ? `${after.id}: run again, and may not be` : undefined;
};

const killersAreFound: Check<JobFacts> = ({ id, row }) => {
  if (row === undefined || !killsItsWorker(row)) return undefined;
  const reason = row.failure?.reason;
  // Others of its sink may have failed until it was too old.
  if (row.status === 'cancelled' || reason === 'poison' || reason === 'expired') return undefined;
  return `${id}: kills its worker, but is ${row.status}`;
};

export const CRASHES: PromiseCheck = {
  name: 'crashes are real and poison is poison',
  rows: [
    losesNothingInPeace,
    isStartedThreeTimesAtMost,
    isPoisonAfterThree,
    repeatsNothingForbidden,
  ],
  jobsAtEnd: [killersAreFound],
};
