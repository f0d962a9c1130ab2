import { z } from 'zod';
import { isEntityId, isTypeName } from '#kernel';
import { FAILURE_REASONS } from '#outbox';

/** Which dead letters an operation is about. All of them have to be asked for by name. */
export const deadLetterFilter = z
  .strictObject({
    orgId: z.string().refine(isEntityId, 'expected an organization’s id').optional(),
    jobType: z.string().refine(isTypeName, 'expected a job type').optional(),
    reason: z.enum(FAILURE_REASONS).optional(),
    /** Failed at this time or later, and before that one. */
    from: z.iso.datetime({ offset: true }).optional(),
    to: z.iso.datetime({ offset: true }).optional(),
    /** Every dead letter there is. */
    all: z.literal(true).optional(),
  })
  .refine(
    ({ all, ...filters }) =>
      all === true || Object.values(filters).some((said) => said !== undefined),
    {
      message: 'Say which dead letters, or all: true for every one of them.',
    },
  );

/** A filter as it was checked. */
export type DeadLetterFilter = z.output<typeof deadLetterFilter>;
