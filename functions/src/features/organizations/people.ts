import type { DocumentData, DocumentReader } from '#kernel';
import { memberPath, membersPath } from './paths.ts';

/** Somebody a message can be sent to. */
export interface Person {
  readonly uid: string;
  readonly email: string;
}

function personOf(data: DocumentData | undefined): Person[] {
  const uid = data?.['uid'];
  const email = data?.['email'];
  return typeof uid === 'string' && typeof email === 'string' ? [{ uid, email }] : [];
}

/** The members of an organization among `uids`. */
export async function readMembers(
  reader: DocumentReader,
  orgId: string,
  uids: readonly string[],
): Promise<Person[]> {
  const documents = await reader.getAll(uids.map((uid) => memberPath(orgId, uid)));
  return documents.flatMap(({ data }) => personOf(data));
}

/** The admins of an organization, all of them; `too-many` where there are more than `atMost`. */
export async function readAdmins(
  reader: DocumentReader,
  orgId: string,
  atMost: number,
): Promise<Person[] | 'too-many'> {
  const documents = await reader.list(membersPath(orgId), ['role', 'admin'], atMost + 1);
  if (documents.length > atMost) return 'too-many';
  return documents.flatMap(({ data }) => personOf(data));
}
