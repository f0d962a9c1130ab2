import type { DocumentData } from '#kernel';
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
