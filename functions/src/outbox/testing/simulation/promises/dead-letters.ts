import type { OutboxJob } from '../../../model/job.ts';
import { jobTypeOf } from '../job-types.ts';
import type { Ledger } from '../ledger.ts';
import type { Check, Commit, PromiseCheck } from '../promise.ts';
import type { RowChange } from '../row-change.ts';

const FOLDER = 'dead/';

/** Where what its subscription wants beside this dead letter is written; a later one is another. */
export function deadLetterPath({ id, redrives }: OutboxJob): string {
  return `${FOLDER}${id}~${redrives}`;
}

const haveTheirWrites: Check<Commit> = ({ rows, documents }, ledger) => {
  const written = new Set(documents.map(({ path }) => path));
  for (const { after } of rows.filter(isNewDeadLetter)) {
    if (jobTypeOf(after.jobType)?.marksDeadLetters !== true) continue;
    const path = deadLetterPath(after);
    const fate = ledger.deadLetters.get(path);
    if (fate === undefined) return `${after.id}: nobody asked what to write beside it`;
    if (written.has(path) !== (fate === 'written')) {
      return `${path}: is to be ${fate}, and was ${written.has(path) ? '' : 'not '}written`;
    }
  }
  return undefined;
};

function isNewDeadLetter({ before, after }: RowChange): boolean {
  return after.status === 'failed' && before?.status !== 'failed';
}

const areMarkedOnceAndOnlyThen: Check<Commit> = ({ rows, documents }, ledger) => {
  const dead = new Set(rows.filter(isNewDeadLetter).map(({ after }) => deadLetterPath(after)));
  const marks = documents.filter(
    ({ path }) => path.startsWith(FOLDER) && !isNonsense(path, ledger),
  );
  const stray = marks.find(({ path, before }) => before !== undefined || !dead.has(path));
  return stray === undefined
    ? undefined
    : `${stray.path}: written without its dead letter, or twice`;
};

function isNonsense(path: string, ledger: Ledger): boolean {
  return ledger.job(path.slice(FOLDER.length, path.lastIndexOf('~'))).isVandalised;
}

export const DEAD_LETTERS: PromiseCheck = {
  name: 'dead letters are written with what is wanted beside them',
  commits: [haveTheirWrites, areMarkedOnceAndOnlyThen],
};
