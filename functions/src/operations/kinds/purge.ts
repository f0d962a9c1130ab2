import { z } from 'zod';
import type { OutboxStore } from '#outbox';
import { planPurge } from '#outbox';
import type { OperationKind } from '../operation-kind.ts';
import { countOf } from './over-dead-letters.ts';
import { readCursor } from './read-cursor.ts';

/** Where a step begins. */
const place = z.object({
  status: z.enum(['failed', 'cancelled']),
  afterId: z.string().optional(),
});
type Place = z.output<typeof place>;

/**
 * Deletes dead letters, and jobs that were taken out, that nobody has touched for long: what is not sent has no end of
 * its own. One that is sent round again meanwhile stays.
 */
export function purge(deps: {
  readonly store: Pick<OutboxStore, 'scan'>;
  readonly keepDays: number;
}): OperationKind<Readonly<Record<string, never>>> {
  return {
    kind: 'purge',
    params: z.strictObject({}),
    estimate: () => Promise.resolve(undefined),
    step: async ({ cursor, limit, startedAt }) => {
      const at = cursor === undefined ? FIRST : readCursor(place, cursor);
      const { status, afterId } = at;
      const { rows } = await deps.store.scan(status, { afterId, limit });
      const nowMs = startedAt.getTime();
      const plans = rows.map((row) => planPurge(row, { nowMs, keepDays: deps.keepDays }));
      const removals = plans.flatMap((plan) => (plan.kind === 'planned' ? [plan.removal] : []));
      const next = nextPlace(at, rows.length < limit ? undefined : rows.at(-1)?.id);
      return {
        seen: rows.length,
        done: removals.length,
        skipped: countOf(plans.map(({ kind }) => kind).filter((kind) => kind !== 'planned')),
        reads: Math.max(1, rows.length),
        removals,
        cursor: next && JSON.stringify(next),
      };
    },
  };
}

const FIRST: Place = { status: 'failed' };

function nextPlace({ status }: Place, lastId: string | undefined): Place | undefined {
  if (lastId !== undefined) return { status, afterId: lastId };
  return status === 'failed' ? { status: 'cancelled' } : undefined;
}
