import { jobTypeOf } from '../job-types.ts';
import type { CallEvent, Check, PromiseCheck } from '../promise.ts';
import type { RowChange } from '../row-change.ts';
import { isStart } from '../row-change.ts';

const beginsNothing: Check<CallEvent> = ({ call: { job, run, startedAtMs } }) => {
  // Its run began with its transaction, before its handler was called.
  if (jobTypeOf(job.jobType)?.transacts === true) return undefined;
  const { stoppedAtMs = Infinity, name } = run.invocation.process;
  return startedAtMs > stoppedAtMs ? `${job.id}: begun by ${name}, which is to end` : undefined;
};

const claimsNothing: Check<RowChange> = (change) => {
  const { run, after } = change;
  if (!isStart(change) || run === undefined) return undefined;
  const { stoppedAtMs = Infinity, name } = run.invocation.process;
  return run.madeAtMs > stoppedAtMs
    ? `${after.id}: claimed by ${name}, which is to end`
    : undefined;
};

/** What it had claimed by then and did not begin is looked at when it ends, in `../stops.ts`. */
export const STOPS: PromiseCheck = {
  name: 'an instance that is to end begins nothing',
  rows: [claimsNothing],
  calls: [beginsNothing],
};
