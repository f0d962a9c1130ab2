import { z } from 'zod';
import type { ArchiveDeps, RestorePlace } from '#events';
import { restorePage } from '#events';
import { DAY_MS, isEntityId } from '#kernel';
import type { OperationKind } from '../operation-kind.ts';
import { readCursor } from './read-cursor.ts';

interface Params {
  readonly orgId: string;
  readonly from: string;
  readonly to: string;
}

/** Where a step begins. */
const place: z.ZodType<RestorePlace> = z.object({
  day: z.iso.date(),
  manifest: z.string().optional(),
  rest: z.int().min(0).optional(),
  archived: z.int().min(0).optional(),
  others: z.int().min(0).optional(),
  isDamaged: z.literal(true).optional(),
});

/** Ten years. */
const MAX_DAYS = 3_660;

/**
 * Puts archived events back as they were, without jobs: nobody reacts to them again. The archive keeps its copies, so that
 * archiving them again changes nothing in it.
 */
export function restore(deps: ArchiveDeps): OperationKind<Params> {
  return {
    kind: 'restore',
    params: z
      .strictObject({
        orgId: z.string().refine(isEntityId, 'expected an organization’s id'),
        from: z.iso.date(),
        to: z.iso.date(),
      })
      .refine(({ from, to }) => from <= to, { path: ['to'], message: 'expected from or later' })
      .refine(({ from, to }) => Date.parse(to) - Date.parse(from) < MAX_DAYS * DAY_MS, {
        path: ['to'],
        message: `expected at most ${MAX_DAYS} days`,
      }),
    estimate: () => {
      deps.storage();
      return Promise.resolve(undefined);
    },
    step: async ({ params: { orgId, from, to }, cursor, limit, dryRun }) => {
      const at = cursor === undefined ? { day: to } : readCursor(place, cursor);
      const asked = { orgId, from, to, place: at, limit, dryRun };
      const { next, ...rest } = await restorePage(deps, asked);
      return { ...rest, cursor: next === undefined ? undefined : JSON.stringify(next) };
    },
  };
}
