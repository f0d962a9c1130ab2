import { z } from 'zod';
import type { ArchiveVerifyPlace, IntegrityState } from '#events';

const count = z.int().min(0);
const moment = z.object({ seconds: z.int(), nanoseconds: count });

const inLog: z.ZodType<IntegrityState> = z.object({
  orgId: z.string(),
  phase: z.enum(['by-id', 'by-time', 'done']),
  afterId: z.string().nullable(),
  stream: z
    .object({
      hash: z.string(),
      headPath: z.string().nullable(),
      version: z.int(),
      chain: z.string().nullable(),
      recordedAt: moment.nullable(),
    })
    .nullable(),
  after: moment.extend({ id: z.string() }).nullable(),
  recent: z.array(
    z.object({
      eventId: z.string(),
      content: z.string(),
      request: z.string(),
      seconds: z.int(),
    }),
  ),
  events: count,
  jobsNotJudged: count,
});

const inArchive: z.ZodType<ArchiveVerifyPlace> = z.strictObject({
  manifest: z.string().optional(),
  from: count.optional(),
  through: z.string().optional(),
  tally: z.object({ events: count, archived: count, met: count }).optional(),
});

/** Written by one step for the next: how far it is in the log or, when that is done, in the archive. */
export type VerifyPlace =
  | IntegrityState
  | { readonly phase: 'archive'; readonly at: ArchiveVerifyPlace };

/** As `VerifyPlace`, for reading it. */
export const verifyPlace: z.ZodType<VerifyPlace> = z.union([
  inLog,
  z.object({ phase: z.literal('archive'), at: inArchive }),
]);
