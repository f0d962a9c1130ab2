import type { JobFacts } from '../facts.ts';
import { jobTypeOf } from '../job-types.ts';
import type { Check, Commit, PromiseCheck } from '../promise.ts';
import type { RowChange } from '../row-change.ts';
import { isEnd } from '../row-change.ts';

/** Where handlers write; the name holds the run, so that a second effect would be a second document. */
export const EFFECTS_FOLDER = 'effects/';

/** How many effects were written by handlers that read this first. */
export const COUNTER = 'counters/all';

/** The job that wrote an effect. */
export function jobOfEffect(path: string): string {
  return path.slice(EFFECTS_FOLDER.length, path.indexOf('~'));
}

const writesEffectsWithTheSettle: Check<Commit> = ({ rows, documents }, ledger) => {
  const sent = new Set(rows.filter(isSent).map(({ after }) => `${after.id}~${after.runId}`));
  const written = documents.filter(({ path, after }) => {
    const isEffect = path.startsWith(EFFECTS_FOLDER) && after !== undefined;
    return isEffect && !ledger.job(jobOfEffect(path)).isVandalised;
  });
  const early = written.find(({ path }) => !sent.has(path.slice(EFFECTS_FOLDER.length)));
  if (early !== undefined) return `${early.path}: written without its settle`;
  const again = written.find(({ before }) => before !== undefined);
  return again === undefined ? undefined : `${again.path}: written twice`;
};

function isSent(change: RowChange): boolean {
  return isEnd(change) && change.after.status === 'sent';
}

/** Nobody's count was lost, and none was counted without its effect. */
const countsWhatItRead: Check<Commit> = ({ documents }, ledger) => {
  const counted = documents.find(({ path }) => path === COUNTER);
  if (counted === undefined) return undefined;
  const effects = [...ledger.jobs.values()].map((job) =>
    isCounting(job) ? job.effects.length : 0,
  );
  const expected = effects.reduce((sum, n) => sum + n, 0);
  const n = Number(counted.after?.['n'] ?? 0);
  return n === expected ? undefined : `${COUNTER}: ${n}, but ${expected} effects`;
};

function isCounting({ id }: JobFacts): boolean {
  return jobTypeOf(id.slice(0, id.indexOf(':')))?.transacts === true;
}

/** No job comes from nowhere: rows are created with their event, or with their parent's settle. */
const bearsChildrenWithTheSettle: Check<Commit> = ({ rows, documents }, ledger) => {
  const born = rows.find(({ before }) => before === undefined);
  const hasEvent = documents.some(({ path }) => path.startsWith('domain_events/'));
  if (born === undefined || hasEvent) return undefined;
  const parents = documents.map(({ path }) => ledger.jobs.get(path.slice(path.indexOf('/') + 1)));
  const hasParent = parents.some((parent) => parent?.children.includes(born.job.id) === true);
  return hasParent ? undefined : `${born.job.id}: without a cause`;
};

const writesOnceIfSent: Check<JobFacts> = ({ row, id, effects }) => {
  if (row === undefined) return undefined;
  const isWriter = jobTypeOf(row.jobType)?.kind === 'transactional';
  const expected = isWriter && row.status === 'sent' ? 1 : 0;
  return effects.length === expected
    ? undefined
    : `${id}: ${row.status}, ${effects.length} effects`;
};

const hasAllItsChildren: Check<JobFacts> = ({ row, id, children }, ledger) => {
  const missing = children.find((child) => !ledger.jobs.has(child));
  if (row?.status !== 'sent' || missing === undefined) return undefined;
  return `${id}: sent, but ${missing} was never written`;
};

export const EFFECTS: PromiseCheck = {
  name: 'effects happen once',
  commits: [countsWhatItRead, writesEffectsWithTheSettle, bearsChildrenWithTheSettle],
  jobsAtEnd: [writesOnceIfSent, hasAllItsChildren],
};
