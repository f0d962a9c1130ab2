import { SECOND_MS } from '#kernel';
import type { PauseFacts } from '../facts.ts';
import type { Check, PromiseCheck } from '../promise.ts';
import type { RowChange } from '../row-change.ts';
import { isStart } from '../row-change.ts';

/** Within this time a pause takes hold everywhere, and a start that was under way has landed. */
const TAKES_HOLD_MS = 15 * SECOND_MS;

const isNotStartedUnderAPause: Check<RowChange> = (change, { pauses }) => {
  const { kind, after, atMs, run } = change;
  if (!isStart(change) || run === undefined) return undefined;
  const startedMs = kind === 'end unclaimed' ? (run.call?.startedAtMs ?? atMs) : atMs;
  const knewMs = startedMs - TAKES_HOLD_MS;
  const pause = pauses.find((one) => holdsBack(one, change) && one.sinceMs <= knewMs);
  if (pause === undefined || run.invocation.process.isDisturbedSince(knewMs)) return undefined;
  return `${after.id}: ${kind} ${atMs - pause.sinceMs} ms after ${pause.id} was paused`;
};

function holdsBack({ jobType, orgId, isResuming }: PauseFacts, { after }: RowChange): boolean {
  const isOfType = jobType === undefined || jobType === after.jobType;
  const isOfTenant = orgId === undefined || orgId === after.orgId;
  return !isResuming && isOfType && isOfTenant;
}

/** The daily repair finds what a frozen worker held back; it is not there to finish resumes. */
const isNotLeftBehind: Check<RowChange> = ({ kind, by, job }) => {
  const isRepaired = kind === 'resume' && by?.name.startsWith('task') === true;
  return isRepaired && !job.wasPausedLate ? `${job.id}: left behind by a resume` : undefined;
};

export const PAUSES: PromiseCheck = {
  name: 'what is paused does not start',
  rows: [isNotStartedUnderAPause, isNotLeftBehind],
};
