import { CodedError, isEntityId } from '#kernel';
import type { Caller, Role } from './caller.ts';
import { bearerToken, callerOf } from './caller.ts';
import type { ApiDeps } from './ports.ts';
import { HttpError } from './request-input.ts';
import type { Route } from './route.ts';

/** Whose token the request carries; throws `unauthenticated`, with the challenge that RFC 6750 asks for. */
export async function authenticate(
  { verifyToken }: Pick<ApiDeps, 'verifyToken'>,
  headers: Headers,
): Promise<Caller> {
  const text = bearerToken(headers.get('authorization') ?? undefined);
  if (text === undefined) {
    throw challenge('Send an ID token: "Authorization: Bearer …".', 'Bearer');
  }
  const token = await verifyToken(text);
  if (token === 'expired') throw invalidToken('The token has expired: get another one.');
  const caller = token && callerOf(token);
  if (caller === undefined) throw invalidToken('The token is none of this project.');
  return caller;
}

function invalidToken(message: string): HttpError {
  return challenge(message, 'Bearer error="invalid_token"');
}

function challenge(message: string, wwwAuthenticate: string): HttpError {
  return new HttpError('unauthenticated', message, { 'www-authenticate': wwwAuthenticate });
}

/** Throws `rate-limited` where this caller has called too often. */
export async function admit({ rateLimit }: Pick<ApiDeps, 'rateLimit'>, uid: string): Promise<void> {
  const retryAfterSeconds = await rateLimit(uid);
  if (retryAfterSeconds === undefined) return;
  throw new HttpError('rate-limited', `Try again in ${retryAfterSeconds} s.`, {
    'retry-after': String(retryAfterSeconds),
  });
}

/**
 * The organization a call is about, and what the caller is in it: the first of `allow` that they are; none
 * for what is of the platform.
 * Throws `permission-denied` for anybody else, whether or not there is such an organization. What a token
 * says costs nothing, a membership one read.
 */
export async function authorize(
  api: Pick<ApiDeps, 'roleOf' | 'organizationsOf'>,
  { allow, scope }: Pick<Route, 'allow' | 'scope'>,
  caller: Caller,
  headers: Headers,
): Promise<{ readonly orgId?: string; readonly role: Role }> {
  if (scope === 'platform') {
    if (caller.isOperator) return { role: 'operator' };
    throw new CodedError('permission-denied', 'This is for operators of the platform.');
  }
  const orgId = namedIn(headers) ?? (await onlyOrganization(api, allow, caller));
  const claimed = roleByClaims(caller, orgId, allow);
  if (claimed !== undefined) return { orgId, role: claimed };
  const role = isForMembers(allow) ? await api.roleOf(orgId, caller.uid) : undefined;
  if (role !== undefined && allow.includes(role)) return { orgId, role };
  throw new CodedError('permission-denied', 'You may not do this in this organization.');
}

/** What the token alone allows. */
function roleByClaims(
  { isOperator, producer }: Caller,
  orgId: string,
  allow: readonly Role[],
): Role | undefined {
  if (isOperator && allow.includes('operator')) return 'operator';
  const isProducer = producer?.orgs.includes(orgId) === true;
  return isProducer && allow.includes('producer') ? 'producer' : undefined;
}

function isForMembers(allow: readonly Role[]): boolean {
  return allow.includes('member') || allow.includes('admin');
}

function namedIn(headers: Headers): string | undefined {
  const orgId = headers.get('x-org-id');
  if (orgId === null) return undefined;
  if (isEntityId(orgId)) return orgId;
  throw unclear('not an id');
}

async function onlyOrganization(
  api: Pick<ApiDeps, 'organizationsOf'>,
  allow: readonly Role[],
  { uid, producer }: Caller,
): Promise<string> {
  const isProducing = producer !== undefined && allow.includes('producer');
  const orgIds = isProducing ? producer.orgs : await api.organizationsOf(uid);
  const [only, another] = orgIds;
  if (only === undefined || another !== undefined) {
    throw unclear('expected the organization: you belong to none, or to several');
  }
  return only;
}

function unclear(message: string): CodedError {
  const problem = { path: 'X-Org-Id', message };
  return new CodedError('invalid-input', 'It is not clear which organization is meant', [problem]);
}
