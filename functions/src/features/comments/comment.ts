import type { DocumentData, Member } from '#kernel';
import { CodedError } from '#kernel';
import { readHead } from '#events';

/** A comment as its document says; one that was deleted is gone for every command. */
export interface Comment {
  readonly authorUid: string;
  readonly version: number;
}

export function commentPath(matterId: string, commentId: string): string {
  return `matters/${matterId}/comments/${commentId}`;
}

/** Throws `not-found` unless the document is a comment of this organization that still stands. */
export function requireComment(data: DocumentData | undefined, orgId: string): Comment {
  const authorUid = data?.['authorUid'];
  const stands = data?.['orgId'] === orgId && data['deletedAt'] === undefined;
  if (!stands || typeof authorUid !== 'string') {
    throw new CodedError('not-found', 'There is no such comment.');
  }
  return { authorUid, version: readHead(data).version };
}

/** A comment's words are its author's alone. */
export function requireAuthor(comment: Comment, member: Member): void {
  if (comment.authorUid === member.uid) return;
  throw new CodedError('permission-denied', 'Only its author may change a comment.');
}

/** Taking a comment down is its author's or an admin's. */
export function requireAuthorOrAdmin(comment: Comment, member: Member): void {
  if (comment.authorUid === member.uid || member.role === 'admin') return;
  throw new CodedError('permission-denied', 'Only its author or an admin may delete a comment.');
}
