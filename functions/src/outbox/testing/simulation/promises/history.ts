import { HISTORY_LIMIT } from '../../../model/job.ts';
import type { HistoryEntry, OutboxJob } from '../../../model/job.ts';
import type { RunFacts } from '../facts.ts';
import type { Check, PromiseCheck } from '../promise.ts';
import type { RowChange } from '../row-change.ts';

/** A row's history is the last of its starts, in their order, each with how it ended. */
const tellsTheLastStarts: Check<RowChange> = ({ job, after }) => {
  const starts = job.starts.slice(-HISTORY_LIMIT).map((run) => sketch(entryOf(run, after)));
  const told = after.history.map(sketch);
  if (told.join() === starts.join()) return undefined;
  return `${after.id}: tells ${told.join()}, but it was ${starts.join()}`;
};

type Told = Pick<HistoryEntry, 'runId' | 'by' | 'attempt' | 'outcome'> & { isOver: boolean };

function entryOf(run: RunFacts, row: OutboxJob): Told {
  const { runId, invocation, attempt = 0, end } = run;
  const isRunning = row.status === 'processing' && row.runs === run.startedAs;
  const outcome = end?.outcome ?? (isRunning ? 'running' : 'crashed');
  return { runId, by: invocation.by, attempt, outcome, isOver: end !== undefined };
}

function sketch(entry: Told | HistoryEntry): string {
  const { runId, by, attempt, outcome } = entry;
  const isOver = 'isOver' in entry ? entry.isOver : entry.endedAt !== undefined;
  return `${runId} by ${by} as ${attempt}: ${outcome}${isOver ? ' (over)' : ''}`;
}

export const HISTORY: PromiseCheck = {
  name: 'history tells the truth',
  rows: [tellsTheLastStarts],
};
