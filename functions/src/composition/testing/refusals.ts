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
const underAnotherOrganization: Refusal = {
  why: 'under another organization of one’s own',
  by: 'zoe',
  code: 'not-found',
  said: ({ otherOrgId: orgId }) => ({ orgId }),
};

/** Whoever has no business where a command acts, each in the way they come. */
export const refusedToStrangers: readonly Refusal[] = [
  ...refusedToOutsiders,
  inAnotherOrganization,
  underAnotherOrganization,
];

/** Whoever is no admin of the organization. */
export const notAdmins = ['ben', 'cleo', 'eve', 'finn', 'zoe', 'joe'];

/** By whoever is no admin, where it is about a matter that there is not, or about none. */
export const refusedWithoutMatter: readonly Refusal[] = [
  { why: 'in no matter', code: 'permission-denied', said: () => ({ matterId: 'none' }) },
  ...notAdmins.map((by): Refusal => ({
    ...refusedTo(by),
    why: `for the organization, by ${by}`,
    said: () => ({ matterId: undefined }),
  })),
];
