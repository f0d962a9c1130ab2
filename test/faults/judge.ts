import type { Effect, Row } from './database.ts';
import { isExternal } from './handlers.ts';
import type { JournalLine, RunLine } from './journal.ts';
import type { Load } from './load.ts';

/** Everything there is to judge by, read after the end. */
export interface Evidence {
  readonly load: Load;
  readonly rows: ReadonlyMap<string, Row>;
  readonly effects: readonly Effect[];
  readonly journal: readonly JournalLine[];
}

/** A run's line and where it stands in the journal. */
interface Seen extends RunLine {
  readonly at: number;
}

export interface Deliveries {
  /** Second and later deliveries of external jobs. */
  readonly duplicates: number;
  /** One line for each that no kill explains. */
  readonly unexplained: readonly string[];
}

/** What of the load is not as it was promised. */
export function judge(evidence: Evidence): readonly string[] {
  return [
    ...findLost(evidence),
    ...findStrangers(evidence),
    ...findBlamed(evidence),
    ...findWrongEffects(evidence),
    ...findOutOfOrder(evidence),
    ...judgeDuplicates(evidence).unexplained,
    ...findMiscounted(evidence),
  ];
}

/** At most `each` of every kind of problem, and how many there are. */
export function briefly(problems: readonly string[], each = 5): readonly string[] {
  const kinds = Map.groupBy(problems, (problem) => problem.split(':', 1)[0] ?? '');
  return [...kinds].flatMap(([kind, all]) => [
    ...all.slice(0, each),
    ...(all.length > each ? [`${kind}: and ${all.length - each} more`] : []),
  ]);
}

/** Every job ended `sent`, and what is external has been delivered. */
function findLost({ load, rows, journal }: Evidence): string[] {
  const delivered = new Set(runsIn(journal, 'began').map(({ jobId }) => jobId));
  return load.allIds.flatMap((id) => {
    const status = rows.get(id)?.status ?? 'not there';
    if (status !== 'sent') return [`lost: ${id} is ${status}`];
    return isExternal(id) && !delivered.has(id) ? [`lost: ${id} was never delivered`] : [];
  });
}

function findStrangers({ load, rows }: Evidence): string[] {
  const known = new Set(load.allIds);
  return [...rows.keys()].filter((id) => !known.has(id)).map((id) => `stranger: ${id}`);
}

function findBlamed({ rows }: Evidence): string[] {
  return [...rows.values()]
    .filter(({ failure }) => failure !== undefined)
    .map(({ id, failure }) => `blamed: ${id} as ${failure?.reason}`);
}

/** One document for each transactional job, by the run that settled it. */
function findWrongEffects({ load, rows, effects }: Evidence): string[] {
  const runs = Map.groupBy(effects, ({ jobId }) => jobId);
  return load.allIds
    .filter((id) => !isExternal(id))
    .flatMap((id) => {
      const found = (runs.get(id) ?? []).map(({ runId }) => runId);
      if (found.length !== 1) return [`effects: ${id} has ${found.length}`];
      return found[0] === rows.get(id)?.runId ? [] : [`effects: ${id} has those of another run`];
    });
}

/** Each line's jobs first begin in their order, each after a run of the one before has ended. */
function findOutOfOrder({ load, journal, effects }: Evidence): string[] {
  const began = firstOf(runsIn(journal, 'began'));
  const ended = firstOf(runsIn(journal, 'ended'));
  const written = new Map(effects.map(({ jobId }, at) => [jobId, at]));
  return [...linesOf(load).values()].flatMap((ids) =>
    ids.slice(1).flatMap((id, index) => {
      const before = ids[index] ?? '';
      const isAfter = (began.get(id)?.at ?? 0) > (ended.get(before)?.at ?? Infinity);
      if (!isAfter) return [`order: ${id} began before ${before} had ended`];
      const isWrittenAfter = isExternal(id) || written.get(id)! > written.get(before)!;
      return isWrittenAfter ? [] : [`order: ${id} was written before ${before}`];
    }),
  );
}

/**
 * A delivery is followed by another one of the same job only if its process died between the two, before
 * it could settle.
 */
export function judgeDuplicates({ rows, journal }: Pick<Evidence, 'rows' | 'journal'>): Deliveries {
  const diedAt = new Map(
    journal.flatMap((line, at) => (line.kind === 'died' ? [[line.worker, at] as const] : [])),
  );
  const external = runsIn(journal, 'began').filter(({ jobId }) => isExternal(jobId));
  const again = [...Map.groupBy(external, ({ jobId }) => jobId).values()].flatMap((deliveries) =>
    deliveries.slice(1).map((next, index) => ({ next, first: deliveries[index]! })),
  );
  const unexplained = again.flatMap(({ next, first }) => {
    const deathAt = diedAt.get(first.worker) ?? Infinity;
    if (deathAt > next.at) {
      return [`twice: ${next.jobId} while ${first.worker}, which had delivered it, was alive`];
    }
    const row = rows.get(first.jobId);
    const run = row?.history.find(({ runId }) => runId === first.runId);
    // Of more than ten runs the oldest are forgotten.
    const isSettled = run !== undefined && run.outcome !== 'crashed';
    return isSettled ? [`twice: ${next.jobId} after a run that ended ${run.outcome}`] : [];
  });
  return { duplicates: again.length, unexplained };
}

/** A kill costs nobody an attempt: only a flaky job has made two. Nothing is left over from crashes. */
function findMiscounted({ load, rows }: Evidence): string[] {
  const flaky = new Set(
    load.jobs.filter(({ job }) => job.payload?.['isFlaky'] === true).map(({ id }) => id),
  );
  return load.allIds.flatMap((id) => {
    const row = rows.get(id);
    if (row?.status !== 'sent') return [];
    const isRight = row.attempts === (flaky.has(id) ? 2 : 1) && row.crashes === 0;
    const counted = `${row.attempts} attempts, ${row.crashes} crashes, ${row.runs} runs`;
    return isRight ? [] : [`count: ${id} has ${counted}`];
  });
}

function runsIn(journal: readonly JournalLine[], kind: RunLine['kind']): Seen[] {
  return journal.flatMap((line, at) => (line.kind === kind ? [{ ...line, at }] : []));
}

function firstOf(lines: readonly Seen[]): Map<string, Seen> {
  const first = new Map<string, Seen>();
  for (const line of lines) if (!first.has(line.jobId)) first.set(line.jobId, line);
  return first;
}

function linesOf({ jobs }: Load): Map<string, string[]> {
  const lines = new Map<string, string[]>();
  for (const { id, line } of jobs) {
    if (line !== undefined) lines.set(line, [...(lines.get(line) ?? []), id]);
  }
  return lines;
}

export interface Hits {
  /** Kills of a process that had begun jobs and not settled them. */
  readonly kills: number;
  /** Runs that were begun, maybe ended, and never settled. */
  readonly runs: number;
}

/** How often a kill hit where it hurts: between the beginning of a run and its settle. */
export function countHits({ rows, journal }: Pick<Evidence, 'rows' | 'journal'>): Hits {
  const crashed = new Set(
    [...rows.values()].flatMap(({ history }) =>
      history.filter(({ outcome }) => outcome === 'crashed').map(({ runId }) => runId),
    ),
  );
  const hit = runsIn(journal, 'began').filter(({ runId }) => crashed.has(runId));
  return { kills: new Set(hit.map(({ worker }) => worker)).size, runs: hit.length };
}
