import type { OutboxJob } from '../../../model/job.ts';
import { isOpen, spendsNothing } from '../facts.ts';
import type { Check, PromiseCheck } from '../promise.ts';
import type { ChangeKind, RowChange } from '../row-change.ts';
import { isEnd } from '../row-change.ts';

/** By how much a transition moves `attempts`, where it does. */
const ATTEMPTS: Readonly<Partial<Record<ChangeKind, number>>> = {
  'create started': 1,
  claim: 1,
  'end unclaimed': 1,
  release: -1,
};

const REOPENINGS: ReadonlySet<ChangeKind> = new Set([
  'create',
  'create started',
  'redrive',
  'resume',
]);

const countsEveryStart: Check<RowChange> = ({ after, job }) =>
  after.runs === job.starts.length
    ? undefined
    : `${after.id}: ${after.runs} runs, but ${job.starts.length} starts`;

const movesAttempts: Check<RowChange> = (change) => {
  const { after, before, kind } = change;
  const from = before === undefined || kind === 'redrive' ? 0 : before.attempts;
  const attempts = from + (ATTEMPTS[kind] ?? 0) - (isGivenBack(change) ? 1 : 0);
  if (after.attempts === attempts) return undefined;
  return `${after.id}: ${after.attempts} attempts after a ${kind}, not ${attempts}`;
};

/** A sink that says "later" spends none, nor does a probe that failed. */
function isGivenBack(change: RowChange): boolean {
  const { after, run } = change;
  return isEnd(change) && after.status === 'pending' && run !== undefined && spendsNothing(run);
}

const spendsNoMoreThanItHas: Check<RowChange> = ({ after }) =>
  after.attempts <= after.maxAttempts ? undefined : `${after.id}: ${after.attempts} attempts`;

const spendsAttemptsOnEnds: Check<RowChange> = ({ after, job }) => {
  const spent = job.spent + running(after);
  if (!isOpen(after) || after.attempts === spent) return undefined;
  return `${after.id}: ${after.attempts} attempts, but ${spent} were spent`;
};

const countsCrashes: Check<RowChange> = ({ after, job }) => {
  const crashes = job.unended - running(after);
  if (!isOpen(after) || after.crashes === crashes) return undefined;
  return `${after.id}: ${after.crashes} crashes, but ${crashes} starts in a row never ended`;
};

/** What runs is begun, but has not ended or crashed. */
function running({ status }: OutboxJob): number {
  return status === 'processing' ? 1 : 0;
}

const countsRedrives: Check<RowChange> = ({ after, before, kind }) => {
  const redrives = (before?.redrives ?? 0) + (kind === 'redrive' ? 1 : 0);
  return after.redrives === redrives ? undefined : `${after.id}: ${after.redrives} redrives`;
};

const keepsItsAge: Check<RowChange> = ({ after, before, kind }) => {
  if (REOPENINGS.has(kind) || after.openedAt === before?.openedAt) return undefined;
  return `${after.id}: opened again by a ${kind}`;
};

export const COUNTS: PromiseCheck = {
  name: 'counts tell the truth',
  rows: [
    countsEveryStart,
    movesAttempts,
    spendsNoMoreThanItHas,
    spendsAttemptsOnEnds,
    countsCrashes,
    countsRedrives,
    keepsItsAge,
  ],
};
