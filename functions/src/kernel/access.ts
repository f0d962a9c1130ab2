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
 * A port, because every feature asks and only two of them know: organizations and matters.
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
}
