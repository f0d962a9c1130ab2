import type { Firestore } from 'firebase-admin/firestore';
import type { Integrity } from '#events';
import { createIntegrity } from '#events';
import type { EventQueries } from '#events/firestore';
import { createEventQueries, createIntegritySource } from '#events/firestore';
import { KEEP_SENT_MS } from '#outbox';
import { catalog } from './catalog.ts';
import { headPathOf } from './head-paths.ts';

/** What can be asked of the event log as a whole. */
export interface EventLogQuestions {
  /** Lists, counts and explains events, within one tenant. */
  readonly events: EventQueries;
  /** Verifies that a tenant's log is as it was written. */
  readonly integrity: Integrity;
}

/** As many rows as an operation takes at a time. */
const VERIFIED_PER_PAGE = 200;

export function createEventLogQuestions(firestore: Firestore): EventLogQuestions {
  return {
    events: createEventQueries(firestore, catalog),
    integrity: createIntegrity({ ...integrityOf(firestore), pageSize: VERIFIED_PER_PAGE }),
  };
}

/** What verifications of this deployment ask. */
export function integrityOf(
  firestore: Firestore,
): Omit<Parameters<typeof createIntegrity>[0], 'pageSize'> {
  return {
    source: createIntegritySource(firestore),
    atNewest: (stored) => catalog.atNewest(stored),
    headPathOf,
    keepJobsMs: KEEP_SENT_MS,
  };
}
