import type { CallEvent, Check, PromiseCheck } from '../promise.ts';

const isNoneOnTheFastPath: Check<CallEvent> = ({ call: { job, run } }) =>
  job.crashes > 0 && run.invocation.by === 'trigger'
    ? `${job.id}: a suspect on the fast path`
    : undefined;

/** What may have killed its worker takes nobody with it when it does so again. */
const runsAlone: Check<CallEvent> = ({ call: { job, run } }) => {
  const beside = [...run.invocation.calls].map((call) => call.job);
  const suspect = [job, ...beside].find(({ crashes }) => crashes > 0);
  if (suspect === undefined || beside.length === 0) return undefined;
  return `${suspect.id}: a suspect; ${job.id} begun beside ${beside.map(({ id }) => id).join()}`;
};

export const SUSPECTS: PromiseCheck = {
  name: 'suspects run alone',
  calls: [isNoneOnTheFastPath, runsAlone],
};
