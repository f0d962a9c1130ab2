import { z } from 'zod';
import type { TimePosition } from '#kernel';
import { CodedError, problemsOf } from '#kernel';
import { entityId } from '../identifiers.ts';
import type { LoggedEvent, ReadLogPage } from './event-log-reader.ts';
import { settledPart } from './event-log-reader.ts';

/** Events to be handled, and where to go on when they are: plain data, to be kept with what they came to. */
export interface CatchUp {
  readonly events: readonly LoggedEvent[];
  readonly checkpoint: TimePosition;
}

/** Where to begin, and how many events at a time: 200 where nothing is said. */
export interface CatchUpFrom {
  readonly orgId: string;
  /** Of an earlier `CatchUp`; the start of the log where there is none. */
  readonly checkpoint?: TimePosition | undefined;
  readonly pageSize?: number;
}

const PAGE_SIZE = 200;
const MAX_PAGE_SIZE = 1_000;
const NO_DOCUMENT = /\/|^\.{1,2}$|^__.*__$/;

/** Checked although it is typed: a checkpoint comes from wherever it was kept. */
const catchUpFrom = z.object({
  orgId: entityId,
  checkpoint: z
    .object({
      // The times that Firestore has: from year 1 to year 9999.
      seconds: z.int().min(-62_135_596_800).max(253_402_300_799),
      nanoseconds: z.int().min(0).max(999_999_999),
      id: z
        .string()
        .min(1)
        .refine((id) => !NO_DOCUMENT.test(id) && id.isWellFormed(), 'expected a document’s id'),
    })
    .optional(),
  pageSize: z.int().min(1).max(MAX_PAGE_SIZE),
});

/**
 * A tenant's events in the order they were recorded, from a checkpoint up to five minutes before now by
 * the server's clock, as they are stored; each page is read when it is asked for. None is left out: nothing
 * can appear behind a checkpoint any more. What is younger is the live subscription's, which must
 * have begun before; that an event comes both ways is for its handler to tell (`handleOnce`).
 * Throws `invalid-input` for no organization, and for a checkpoint or a page size that is none.
 */
export async function* subscribeFrom(
  readPage: ReadLogPage,
  { orgId, checkpoint, pageSize = PAGE_SIZE }: CatchUpFrom,
): AsyncGenerator<CatchUp, void> {
  const { error } = catchUpFrom.safeParse({ orgId, checkpoint, pageSize });
  if (error !== undefined) {
    throw new CodedError('invalid-input', 'The log cannot be read', problemsOf(error.issues));
  }
  let after = checkpoint;
  for (;;) {
    const { events, last, isLast } = settledPart(await readPage(orgId, { after, limit: pageSize }));
    if (last !== undefined) yield { events, checkpoint: last };
    if (isLast) return;
    after = last;
  }
}
