import type { DocumentData } from '#kernel';
import { CodedError } from '#kernel';
import { readHead } from '#events';

/** A matter as its document says. */
export interface Matter {
  readonly orgId: string;
  readonly memberUids: readonly string[];
  readonly version: number;
}

export function matterPath(matterId: string): string {
  return `matters/${matterId}`;
}

/** The matter of an organization; undefined where there is none, or it is another organization's. */
export function matterOf(data: DocumentData | undefined, orgId: string): Matter | undefined {
  const memberUids = data?.['memberUids'];
  if (data?.['orgId'] !== orgId || !Array.isArray(memberUids)) return undefined;
  const uids = memberUids.filter((uid) => typeof uid === 'string');
  return { orgId, memberUids: uids, version: readHead(data).version };
}

/** Throws `not-found` unless the document is a matter of this organization. */
export function requireMatterDocument(data: DocumentData | undefined, orgId: string): Matter {
  const matter = matterOf(data, orgId);
  if (matter !== undefined) return matter;
  throw new CodedError('not-found', 'There is no such matter.');
}
