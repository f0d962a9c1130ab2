import type { Firestore } from 'firebase-admin/firestore';
import { DAY_MS } from '#kernel';
import { createIntegritySource } from '../firestore/integrity-source.ts';
import type { FindingKind } from '../integrity/finding.ts';
import type { IntegrityState } from '../integrity/integrity-state.ts';
import type { Integrity } from '../integrity/verify-integrity.ts';
import { createIntegrity } from '../integrity/verify-integrity.ts';
import { defaultHeadPathOf } from '../streams/stream.ts';
import { testCatalog } from './catalog.ts';

/** A finding, by its kind and its event. */
export type Found = readonly [kind: FindingKind, eventId: string];

export function createTestIntegrity(firestore: Firestore, pageSize: number): Integrity {
  return createIntegrity({
    source: createIntegritySource(firestore),
    atNewest: (stored) => testCatalog.atNewest(stored),
    headPathOf: defaultHeadPathOf,
    keepJobsMs: 7 * DAY_MS,
    pageSize,
  });
}

/**
 * What is found in a tenant's log in pages of this size, the state being written down between any two of
 * them. `between` is done after each page.
 */
export async function findInPages(
  firestore: Firestore,
  pageSize: number,
  between: (state: IntegrityState) => Promise<void> = async () => {},
): Promise<Found[]> {
  const { start, verifyPage } = createTestIntegrity(firestore, pageSize);
  const all: Found[] = [];
  let state = start('org1');
  while (state.phase !== 'done') {
    const page = await verifyPage(JSON.parse(JSON.stringify(state)) as IntegrityState);
    ({ state } = page);
    for (const { kind, eventId } of page.findings) all.push([kind, eventId]);
    await between(state);
  }
  return all;
}
