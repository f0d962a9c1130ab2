import type { Firestore } from 'firebase-admin/firestore';
import { buildCount } from '#kernel/firestore';
import type { DeadLetterQuery } from '../questions/job-query.ts';
import { planDeadLetters } from '../questions/job-query.ts';
import { OUTBOX } from '../record/record-job.ts';
import type { RowsRead } from '../store.ts';
import { pageOfDeadLetters } from './job-pages.ts';
import { rowOf } from './row.ts';

/** Dead letters as they are stored, with what it takes to change them. */
export interface DeadLetterRows {
  /** A page, the newest failure first. One read for each, at least one. */
  readonly page: (
    query: DeadLetterQuery,
  ) => Promise<RowsRead & { readonly nextCursor: string | undefined }>;
  /** How many there are, whatever the page's limit. One read for each thousand, at least one. */
  readonly count: (query: DeadLetterQuery) => Promise<number>;
}

/** Binds them to a database. */
export function createDeadLetterRows(firestore: Firestore): DeadLetterRows {
  const outbox = firestore.collection(OUTBOX);
  return {
    page: async (query) => {
      const { docs, readAtMs, nextCursor } = await pageOfDeadLetters(outbox, query);
      return { rows: docs.flatMap((snapshot) => rowOf(snapshot) ?? []), readAtMs, nextCursor };
    },
    count: async (query) => {
      const { shape, equals, fromMs, throughMs } = planDeadLetters(query);
      const range = { fromMs, ...(throughMs === undefined ? {} : { throughMs }) };
      return (await buildCount(outbox, shape, { equals, ...range }).get()).data().count;
    },
  };
}
