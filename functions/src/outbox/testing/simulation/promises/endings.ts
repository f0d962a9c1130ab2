import type { JobFacts } from '../facts.ts';
import { isOpen } from '../facts.ts';
import type { Check, PromiseCheck } from '../promise.ts';
import { isBlocked } from './lines.ts';

const ends: Check<JobFacts> = (job, ledger) => {
  const { id, row } = job;
  const isStuck = row !== undefined && isOpen(row) && !isBlocked(job, ledger);
  return isStuck ? `${id}: still ${row.status} after ${row.runs} runs` : undefined;
};

/** An event's jobs are there from its commit on, and there are no others. */
const hasACause: Check<JobFacts> = ({ id, row }, { causes, jobs }) => {
  if (row === undefined) return causes.has(id) ? `${id}: was never written` : undefined;
  if (causes.has(id)) return undefined;
  const isOfNonsense = [...jobs.values()].some(
    ({ isVandalised, children }) => isVandalised && children.includes(id),
  );
  return isOfNonsense ? undefined : `${id}: has no cause`;
};

/** Every job ends that no dead letter blocks. */
export const ENDINGS: PromiseCheck = { name: 'every job ends', jobsAtEnd: [ends, hasACause] };
