import { z } from 'zod';
import { isEntityId, isTypeName } from '#kernel';
import { FAILURE_REASONS } from '#outbox';
import { isForward, NOT_FORWARD } from './event-filter.ts';

/** Rows that can be named one by one: as many as a step looks at. */
const MOST_IDS = 200;
/** What can be a document's id. */
const DOCUMENT_ID = /^(?!\.{1,2}$|__.*__$)[^/]{1,1500}$/;

const filters = z.strictObject({
  orgId: z.string().refine(isEntityId, 'expected an organization’s id').optional(),
  jobType: z.string().refine(isTypeName, 'expected a job type').optional(),
  reason: z.enum(FAILURE_REASONS).optional(),
  /** Failed at this time or later, and before that one. */
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  /** These, by the jobs' ids, and nothing else said. */
  ids: z
    .array(z.string().regex(DOCUMENT_ID, 'expected a job’s id'))
    .min(1)
    .max(MOST_IDS)
    .refine((ids) => new Set(ids).size === ids.length, 'said twice')
    .optional(),
  /** Every dead letter there is. */
  all: z.literal(true).optional(),
});

/** Which dead letters an operation is about. All of them have to be asked for by name. */
export const deadLetterFilter = filters
  .refine(isForward, NOT_FORWARD)
  .refine(({ all, ...others }) => all === true || isSaid(others), {
    message: 'Say which dead letters, or all: true for every one of them.',
  })
  .refine(({ ids, ...others }) => ids === undefined || !isSaid(others), {
    path: ['ids'],
    message: 'ids are said alone: they name the rows already',
  });

/** A filter as it was checked. */
export type DeadLetterFilter = z.output<typeof deadLetterFilter>;

function isSaid(said: Readonly<Record<string, unknown>>): boolean {
  return Object.values(said).some((value) => value !== undefined);
}
