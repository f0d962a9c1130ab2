import type { Firestore } from 'firebase-admin/firestore';
import { z } from 'zod';
import { decodeCursor, encodeCursor, PLATFORM } from '#kernel';
import { buildQuery, buildQueryEverywhere } from '#kernel/firestore';
import { MEMBERSHIPS, ORGANIZATIONS } from './queries.ts';

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

/** Some of the tenants there are. */
interface TenantPage {
  readonly orgIds: readonly string[];
  /** Where the next page begins; undefined after the last. A page that was just full may be the last. */
  readonly nextCursor: string | undefined;
}

const CURSOR_NAME = ['tenants'];
/** The id of the last organization so far; empty where only the platform was in the page. */
const place = z.tuple([z.string().max(1_500)]);

/**
 * A page of at most `limit` tenants: first the platform, which need not have a document, then whoever has one, by
 * their ids. Costs a read for each, at least one. Throws `bad-cursor`.
 */
export async function listTenants(
  firestore: Firestore,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<TenantPage> {
  const [last] = cursor === undefined ? [''] : decodeCursor(CURSOR_NAME, cursor, place);
  const afterId = last === '' ? undefined : last;
  const organizations = firestore.collection('orgs');
  const asked = { equals: {}, afterId, limit };
  const { docs } = await buildQuery(organizations, ORGANIZATIONS, asked).get();
  const first = cursor === undefined ? [PLATFORM] : [];
  const ids = docs.map(({ id }) => id).slice(0, limit - first.length);
  return {
    orgIds: [...first, ...ids.filter((id) => id !== PLATFORM)],
    nextCursor: docs.length < limit ? undefined : encodeCursor(CURSOR_NAME, [ids.at(-1) ?? '']),
  };
}
