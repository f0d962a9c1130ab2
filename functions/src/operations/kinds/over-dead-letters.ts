import type { DeadLetterQuery, Move, OutboxStore, Row } from '#outbox';
import type { DeadLetterRows } from '#outbox/firestore';
import type { OperationKind, StepAsked } from '../operation-kind.ts';
import type { DeadLetterFilter } from './dead-letter-filter.ts';
import { deadLetterFilter } from './dead-letter-filter.ts';
import { idOf, leftAlone, readNamed } from './named-rows.ts';

/** What is to become of one row: how it is moved, or why it is not. */
export type RowPlan =
  | { readonly kind: 'planned'; readonly moves: readonly Move[] }
  | { readonly kind: string };

/** What goes through dead letters is put together of these. */
export interface OverDeadLetters {
  readonly deadLetters: DeadLetterRows;
  readonly store: Pick<OutboxStore, 'readLine' | 'readRows'>;
}

/**
 * Goes through the dead letters that a filter names, those that were there when it began, and moves each as `plan`
 * says. Of those that are named by their ids it says which it left alone.
 */
export function overDeadLetters(
  kind: string,
  { deadLetters, store }: OverDeadLetters,
  plan: (row: Row, readAtMs: number) => Promise<RowPlan>,
): OperationKind<DeadLetterFilter> {
  return {
    kind,
    params: deadLetterFilter,
    estimate: ({ ids, ...filters }) =>
      ids === undefined
        ? deadLetters.count({ ...queryOf(filters), limit: 1 })
        : Promise.resolve(ids.length),
    step: async (asked) => {
      const { rows, missing, readAtMs, nextCursor } = await readRows({ deadLetters, store }, asked);
      const plans = await Promise.all(rows.map((row) => planIfFailed(row, readAtMs, plan)));
      const { moves, left } = together(plans);
      const gone = missing.map((id) => [id, 'not-there'] as const);
      const all = [...gone, ...left.map(([at, why]) => [idOf(rows[at] as Row), why] as const)];
      const seen = rows.length + missing.length;
      return {
        seen,
        reads: seen,
        done: rows.length - left.length,
        skipped: countOf(all.map(([, why]) => why)),
        ...(asked.params.ids === undefined
          ? {}
          : { findings: all.map(([id, why]) => leftAlone(id, why)) }),
        moves,
        cursor: nextCursor,
      };
    },
  };
}

async function readRows(
  { deadLetters, store }: OverDeadLetters,
  { params, cursor, limit, startedAt }: StepAsked<DeadLetterFilter>,
): ReturnType<typeof readNamed> {
  if (params.ids !== undefined) return readNamed(store, params.ids, { cursor, limit });
  const page = await deadLetters.page({ ...queryOf(params, startedAt), limit, cursor });
  return { ...page, missing: [] };
}

/** A row that is named may be anything. */
async function planIfFailed(
  row: Row,
  readAtMs: number,
  plan: (row: Row, readAtMs: number) => Promise<RowPlan>,
): Promise<RowPlan> {
  if (row.kind === 'job' && row.job.status !== 'failed') return { kind: 'not-failed' };
  return plan(row, readAtMs);
}

/** What became a dead letter since it began is not sent round again in a circle. */
function queryOf(
  { orgId, jobType, reason, from, to }: DeadLetterFilter,
  startedAt?: Date,
): Omit<DeadLetterQuery, 'limit'> {
  const ends = [to === undefined ? undefined : new Date(to), startedAt].filter(
    (at) => at !== undefined,
  );
  const end = Math.min(...ends.map((at) => at.getTime()));
  return {
    orgId,
    jobType,
    reason,
    ...(from === undefined ? {} : { from: new Date(from) }),
    ...(ends.length === 0 ? {} : { to: new Date(end) }),
  };
}

/** A commit changes a row once: where two want to, the second is left for another time. */
function together(plans: readonly RowPlan[]): {
  readonly moves: readonly Move[];
  /** Which of the plans were left out, and why. */
  readonly left: readonly (readonly [at: number, why: string])[];
} {
  const moves: Move[] = [];
  const left: [number, string][] = [];
  for (const [at, plan] of plans.entries()) {
    const own = 'moves' in plan ? plan.moves : undefined;
    const isFree = own?.every(({ next }) => !moves.some((move) => move.next.id === next.id));
    if (own !== undefined && isFree === true) moves.push(...own);
    else left.push([at, own === undefined ? plan.kind : 'line-is-busy']);
  }
  return { moves, left };
}

/** How often each reason is there. */
export function countOf(whys: readonly string[]): Record<string, number> {
  const groups = Map.groupBy(whys, (why) => why);
  return Object.fromEntries([...groups].map(([why, all]) => [why, all.length]));
}
