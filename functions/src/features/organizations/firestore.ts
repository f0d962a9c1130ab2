import type { Firestore } from 'firebase-admin/firestore';
import { buildQueryEverywhere } from '#kernel/firestore';
import { MEMBERSHIPS } from './queries.ts';

/** At most `limit` of the organizations that somebody belongs to. Costs a read for each, at least one. */
export async function findOrganizations(
  firestore: Firestore,
  uid: string,
  limit: number,
): Promise<string[]> {
  const { docs } = await buildQueryEverywhere(firestore, MEMBERSHIPS, {
    equals: { uid },
    limit,
  }).get();
  return docs.flatMap((member) => {
    const orgId: unknown = member.get('orgId');
    return typeof orgId === 'string' ? [orgId] : [];
  });
}
