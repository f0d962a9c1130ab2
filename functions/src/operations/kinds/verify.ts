import { z } from 'zod';
import type { EventQueries } from '#events/firestore';
import type { IntegrityState } from '#events';
import { createIntegrity } from '#events';
import { isEntityId } from '#kernel';
import type { OperationKind } from '../operation-kind.ts';

type IntegrityDeps = Omit<Parameters<typeof createIntegrity>[0], 'pageSize'>;

/**
 * Verifies that a tenant’s log is as it was written, and changes nothing. Every event is looked at twice: in the
 * order of the ids, and in the order of time.
 */
export function verify(deps: {
  readonly integrity: IntegrityDeps;
  readonly events: Pick<EventQueries, 'count'>;
}): OperationKind<{ readonly orgId: string }> {
  return {
    kind: 'verify',
    params: z.strictObject({
      orgId: z.string().refine(isEntityId, 'expected an organization’s id'),
    }),
    estimate: async (params) => 2 * (await deps.events.count(params)).total,
    step: async ({ params: { orgId }, cursor, limit }) => {
      const { source, read } = counted(deps.integrity.source);
      const integrity = createIntegrity({ ...deps.integrity, source, pageSize: limit });
      // It was written by a step.
      const before = cursor === undefined ? undefined : (JSON.parse(cursor) as IntegrityState);
      const { state, findings } = await integrity.verifyPage(before ?? integrity.start(orgId));
      const isOver = state.phase === 'done';
      const { rows: seen, reads } = read();
      return { seen, done: 0, reads, findings, cursor: isOver ? undefined : JSON.stringify(state) };
    },
  };
}

/** A source that says what was read of it: rows of the log, and documents in all. */
function counted(source: IntegrityDeps['source']) {
  let rows = 0;
  let beside = 0;
  const counting: IntegrityDeps['source'] = {
    rowsById: (part, make) =>
      source.rowsById(part, (page) => {
        const made = make(page);
        // It may be made out again.
        rows = page.rows.length;
        beside = made.paths.length;
        return made;
      }),
    rowsByTime: async (part) => {
      const found = await source.rowsByTime(part);
      rows = found.length;
      return found;
    },
  };
  return { source: counting, read: () => ({ rows, reads: rows + beside }) };
}
