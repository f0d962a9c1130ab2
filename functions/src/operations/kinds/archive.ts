import { z } from 'zod';
import type { ArchiveDeps, ArchivePlace } from '#events';
import { archivePage } from '#events';
import { CodedError, DAY_MS, isEntityId } from '#kernel';
import type { OperationKind } from '../operation-kind.ts';
import { readCursor } from './read-cursor.ts';

interface Params {
  readonly orgId: string;
  readonly before?: string | undefined;
}

/** Where a step begins; other fields are another kind's. */
const place: z.ZodType<ArchivePlace> = z.strictObject({
  after: z.object({ seconds: z.int(), nanoseconds: z.int().min(0), id: z.string() }).optional(),
  most: z.int().min(1).optional(),
});

/**
 * Moves an organization's old events to the archive: copied, read back and compared, then deleted in the commit that
 * ends the step.
 */
export function archive(
  deps: ArchiveDeps & {
    /** Without `before`: events that were recorded so long ago, or longer. */
    readonly afterDays: number;
    /** What is younger stays in any case: what looks for an event's jobs must find both. */
    readonly leastDays: number;
  },
): OperationKind<Params> {
  const { afterDays, leastDays, source, storage } = deps;
  return {
    kind: 'archive',
    params: z.strictObject({
      orgId: z.string().refine(isEntityId, 'expected an organization’s id'),
      before: z.iso.datetime({ offset: true }).optional(),
    }),
    estimate: async ({ orgId, before }) => {
      storage();
      const { readAtMs } = await source.state(orgId);
      const lastMs = readAtMs - leastDays * DAY_MS;
      if (before !== undefined && Date.parse(before) > lastMs) {
        const message = `expected a time at least ${leastDays} days ago`;
        const problem = { path: 'params.before', message };
        throw new CodedError('invalid-input', 'The operation cannot be started', [problem]);
      }
      return source.countBefore(orgId, beforeMsOf(before, readAtMs, afterDays));
    },
    step: async ({ params: { orgId, before }, cursor, limit, startedAt, dryRun }) => {
      const at = cursor === undefined ? {} : readCursor(place, cursor);
      const beforeMs = beforeMsOf(before, startedAt.getTime(), afterDays);
      const page = await archivePage(deps, { orgId, beforeMs, place: at, limit, dryRun });
      const { next, ...rest } = page;
      return { ...rest, cursor: next === undefined ? undefined : JSON.stringify(next) };
    },
  };
}

function beforeMsOf(before: string | undefined, nowMs: number, afterDays: number): number {
  return before === undefined ? nowMs - afterDays * DAY_MS : Date.parse(before);
}
