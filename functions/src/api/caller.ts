import { z } from 'zod';
import { isEntityId } from '#kernel';

/** What the platform and the client say of a request, besides the request itself. */
export interface RequestFacts {
  /** From the request, or new; answers call it `requestId`. */
  readonly correlationId: string;
  readonly traceparent?: string | undefined;
  readonly ipAddress?: string | undefined;
}

/** A bearer token that is genuine and has not expired. */
export interface Token {
  readonly uid: string;
  /** What an administrator has said of this user, in no form that can be relied on. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Says whose token it is; `expired` for one that was genuine once, undefined for any other text. */
export type VerifyToken = (token: string) => Promise<Token | 'expired' | undefined>;

/** What a system outside this backend may record. */
interface Producer {
  readonly orgs: readonly string[];
  /** Types, or patterns of them as subscriptions have: `custom.*`. */
  readonly types: readonly string[];
}

/** Who calls, before it is said in which organization. */
export interface Caller {
  readonly uid: string;
  readonly isOperator: boolean;
  readonly producer: Producer | undefined;
}

/** What somebody is in an organization, for one call. */
export type Role = 'member' | 'admin' | 'operator' | 'producer';

const producerClaim = z.object({ orgs: z.array(z.string()), types: z.array(z.string()) });

/** A token's caller; undefined where its uid is none that this backend can store. */
export function callerOf({ uid, claims }: Token): Caller | undefined {
  if (!isEntityId(uid)) return undefined;
  const producer = producerClaim.safeParse(claims['producer']);
  return {
    uid,
    isOperator: claims['operator'] === true,
    producer: producer.success ? producer.data : undefined,
  };
}

const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;

/** The token of an `Authorization` header (RFC 6750); undefined where there is none. */
export function bearerToken(header: string | undefined): string | undefined {
  return BEARER.exec(header ?? '')?.[1];
}
