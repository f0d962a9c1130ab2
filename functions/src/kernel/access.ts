import type { DocumentTransaction } from './documents.ts';

/** What a person may do in an organization. */
export type Role = 'admin' | 'member';

/** Who calls, and what is known of the call. */
export interface Caller {
  readonly uid: string;
  /** From the request, or new. */
  readonly correlationId: string;
  /** The request's place in a trace, as W3C Trace Context writes it. */
  readonly traceparent?: string | undefined;
  readonly ipAddress?: string | undefined;
  readonly userAgent?: string | undefined;
}

/** Somebody who belongs to an organization. */
export interface Member {
  readonly uid: string;
  readonly role: Role;
}

/**
 * Who may touch what, asked inside the transaction that acts on the answer.
 * A port, because every feature asks and only three of them know: organizations, matters and clients.
 */
export interface Access {
  /** The caller's membership; throws `permission-denied` for anybody else, whether or not the org exists. */
  requireMember(tx: DocumentTransaction, orgId: string, uid: string): Promise<Member>;
  /** As `requireMember`, and throws unless the member is an admin. */
  requireAdmin(tx: DocumentTransaction, orgId: string, uid: string): Promise<Member>;
  /** As `requireMember`, and throws unless the matter is this org's and the member is in it or an admin. */
  requireMatter(
    tx: DocumentTransaction,
    scope: { readonly orgId: string; readonly matterId: string },
    uid: string,
  ): Promise<Member>;
  /** Throws `failed-precondition` unless this is a client of the organization. Asks nothing about the caller. */
  requireClient(
    tx: DocumentTransaction,
    client: { readonly orgId: string; readonly clientId: string },
  ): Promise<void>;
  /** Throws `failed-precondition` unless somebody beside this person is an admin of the organization. */
  requireAnotherAdmin(tx: DocumentTransaction, orgId: string, uid: string): Promise<void>;
}

/** What belongs to a matter is the business of who is in it; anything else the organization's admins'. */
export async function requireMatterOrAdmin(
  access: Access,
  tx: DocumentTransaction,
  { orgId, matterId }: { readonly orgId: string; readonly matterId?: string | undefined },
  uid: string,
): Promise<Member> {
  if (matterId === undefined) return access.requireAdmin(tx, orgId, uid);
  return access.requireMatter(tx, { orgId, matterId }, uid);
}
