import type { DeadLetterQuery, Move, Row } from '#outbox';
import type { DeadLetterRows } from '#outbox/firestore';
import type { OperationKind } from '../operation-kind.ts';
import type { DeadLetterFilter } from './dead-letter-filter.ts';
import { deadLetterFilter } from './dead-letter-filter.ts';

/** What is to become of one row: how it is moved, or why it is not. */
export type RowPlan =
  | { readonly kind: 'planned'; readonly moves: readonly Move[] }
  | { readonly kind: string };

/** Goes through the dead letters that a filter names, those that were there when it began, and moves each as `plan` says. */
export function overDeadLetters(
  kind: string,
  deadLetters: DeadLetterRows,
  plan: (row: Row, readAtMs: number) => Promise<RowPlan>,
): OperationKind<DeadLetterFilter> {
  return {
    kind,
    params: deadLetterFilter,
    estimate: (params) => deadLetters.count({ ...queryOf(params), limit: 1 }),
    step: async ({ params, cursor, limit, startedAt }) => {
      const query = queryOf(params, startedAt);
      const { rows, readAtMs, nextCursor } = await deadLetters.page({ ...query, limit, cursor });
      const plans = await Promise.all(rows.map((row) => plan(row, readAtMs)));
      const { moves, done, skipped } = together(plans);
      return { seen: rows.length, reads: rows.length, done, skipped, moves, cursor: nextCursor };
    },
  };
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
function together(plans: readonly RowPlan[]) {
  const moves: Move[] = [];
  const skipped: Record<string, number> = {};
  let done = 0;
  for (const plan of plans) {
    const own = 'moves' in plan ? plan.moves : undefined;
    const isFree = own?.every(({ next }) => !moves.some((move) => move.next.id === next.id));
    if (own !== undefined && isFree === true) {
      moves.push(...own);
      done += 1;
    } else {
      const why = own === undefined ? plan.kind : 'line-is-busy';
      skipped[why] = (skipped[why] ?? 0) + 1;
    }
  }
  return { moves, done, skipped };
}
