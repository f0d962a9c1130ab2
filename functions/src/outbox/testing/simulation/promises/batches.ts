import { isExcused } from '../facts.ts';
import { jobTypeOf } from '../job-types.ts';
import type { CallEvent, Check, PromiseCheck } from '../promise.ts';

type Batch = readonly CallEvent[];

const isNotTooLarge: Check<Batch> = (batch) => {
  const type = jobTypeOf(batch[0]?.call.job.jobType ?? '');
  const most = type?.maxBatchSize ?? 0;
  return batch.length > most ? `${say(batch)}: more than ${most} in one call` : undefined;
};

const holdsEachOnce: Check<Batch> = (batch) =>
  new Set(batch.map(({ call }) => call.job.id)).size === batch.length
    ? undefined
    : `${say(batch)}: one of them twice`;

const isOfOneType: Check<Batch> = (batch) =>
  new Set(batch.map(({ call }) => call.job.jobType)).size === 1
    ? undefined
    : `${say(batch)}: of several types`;

/** Whatever failed or crashed goes alone: it may be what its batch failed of. */
const isOfNewJobs: Check<Batch> = (batch) => {
  // Who has slept since the claim knows no better; others may have run it meanwhile.
  const tried = batch.find(
    ({ job: { spent, unended }, call: { run } }) => (spent > 0 || unended > 1) && !isExcused(run),
  );
  if (batch.length === 1 || tried === undefined) return undefined;
  return `${say(batch)}: ${tried.job.id} was tried before`;
};

function say(batch: Batch): string {
  return batch.map(({ call }) => call.job.id).join();
}

export const BATCHES: PromiseCheck = {
  name: 'jobs go together only while they are new',
  batches: [isNotTooLarge, holdsEachOnce, isOfOneType, isOfNewJobs],
};
