import type { Access, DocumentData } from '#kernel';
import { CodedError } from '#kernel';

/** Somebody an organization works for: a contact without an account, reached by e-mail. */
export interface Client {
  readonly clientId: string;
  readonly name: string;
  readonly email: string;
}

export function clientPath(clientId: string): string {
  return `clients/${clientId}`;
}

/** The client of an organization; undefined where there is none, or it is another organization's. */
export function clientOf(data: DocumentData | undefined, orgId: string): Client | undefined {
  const { clientId, name, email } = data ?? {};
  if (data?.['orgId'] !== orgId) return undefined;
  if (typeof clientId !== 'string' || typeof name !== 'string') return undefined;
  return typeof email === 'string' ? { clientId, name, email } : undefined;
}

/** Who is a client of whom, for features that bill or deliver to one. */
export const clientAccess: Pick<Access, 'requireClient'> = {
  requireClient: async (tx, { orgId, clientId }) => {
    if (clientOf((await tx.get(clientPath(clientId))).data, orgId) !== undefined) return;
    throw new CodedError('failed-precondition', 'There is no such client in this organization.');
  },
};
