import { z } from 'zod';
import type { DocumentData } from '#kernel';
import { CodedError } from '#kernel';
import { readHead } from '#events';

const taskDocument = z.object({
  orgId: z.string(),
  status: z.enum(['open', 'done']),
  /** Null where it is nobody's. */
  assigneeUid: z.string().nullable(),
});

/** A task as its document says. */
export type Task = z.output<typeof taskDocument> & { readonly version: number };

export function taskPath(matterId: string, taskId: string): string {
  return `matters/${matterId}/tasks/${taskId}`;
}

/** Throws `not-found` unless the document is a task of this organization. */
export function requireTask(data: DocumentData | undefined, orgId: string): Task {
  const result = taskDocument.safeParse(data);
  if (!result.success || result.data.orgId !== orgId) {
    throw new CodedError('not-found', 'There is no such task.');
  }
  return { ...result.data, version: readHead(data).version };
}

/** Throws for a task that is done: it is done once, and stays as it was. */
export function requireOpen(task: Task): void {
  if (task.status === 'open') return;
  throw new CodedError('failed-precondition', 'The task is done already.');
}

/** Throws unless the task is open and somebody else's or nobody's. */
export function requireAssignable(task: Task, assigneeUid: string): void {
  requireOpen(task);
  if (task.assigneeUid !== assigneeUid) return;
  throw new CodedError('failed-precondition', 'This person has the task already.');
}
