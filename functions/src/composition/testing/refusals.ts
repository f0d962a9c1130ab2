import type { Refusal } from './command-case.ts';

/** Refused as `invalid-input`, with the path of each problem. */
export function malformed(
  why: string,
  fields: Readonly<Record<string, unknown>>,
  paths: readonly string[],
): Refusal {
  return { why, code: 'invalid-input', said: () => fields, paths };
}

/** The very call that somebody else may make. */
export function refusedTo(by: string): Refusal {
  return { why: `by ${by}`, by, code: 'permission-denied' };
}

/** Everybody who has no business in the matter. */
export const refusedToOutsiders = ['eve', 'finn', 'zoe', 'joe'].map(refusedTo);

/** By a member of one organization, in another. */
export const inAnotherOrganization: Refusal = {
  why: 'in another organization',
  code: 'permission-denied',
  said: ({ otherOrgId: orgId }) => ({ orgId }),
};

/** By an admin of the other organization, for something of the first. */
export const underAnotherOrganization: Refusal = {
  why: 'under another organization of one’s own',
  by: 'zoe',
  code: 'not-found',
  said: ({ otherOrgId: orgId }) => ({ orgId }),
};
