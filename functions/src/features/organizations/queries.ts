import type { QueryShape } from '#kernel';

/** The memberships of a person, in whatever organizations. */
export const MEMBERSHIPS = {
  collectionGroup: 'members',
  equals: ['uid'],
  everywhere: true,
} as const satisfies QueryShape;

/** Every organization there is, by its id. */
export const ORGANIZATIONS: QueryShape = { collectionGroup: 'orgs', equals: [], byId: true };
