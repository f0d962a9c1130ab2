import { z } from 'zod';
import type { CommandContext } from '#events';
import { commandsFor, entityId } from '#events';
import { CodedError, SERVER_TIME } from '#kernel';
import type { TaskEvent } from './events.ts';
import type { Task } from './task.ts';
import { requireAssignable, requireOpen, requireTask, taskPath } from './task.ts';

const defineCommand = commandsFor<TaskEvent>();
const title = z.string().trim().min(1).max(500);
const inMatter = { orgId: entityId, matterId: entityId };
/** Which task; with the version the caller has seen, a change made meanwhile is a conflict. */
const ofTask = { ...inMatter, taskId: entityId, expectedVersion: z.int().min(1).optional() };

/** Notes what is to be done in a matter; it is nobody's yet. */
export const createTask = defineCommand({
  name: 'createTask',
  input: z.strictObject({ ...inMatter, title }),
  run: async ({ tx, access, caller, newId, emit }, input) => {
    const { orgId, matterId } = input;
    await access.requireMatter(tx, input, caller.uid);
    const taskId = newId('task');
    const headPath = taskPath(matterId, taskId);
    tx.create(headPath, {
      orgId,
      matterId,
      taskId,
      title: input.title,
      status: 'open',
      assigneeUid: null,
      createdBy: caller.uid,
      createdAt: SERVER_TIME,
      updatedAt: SERVER_TIME,
    });
    await emit({
      orgId,
      matterId,
      eventType: 'task.created',
      entityType: 'task',
      entityId: taskId,
      payload: { matterId, title: input.title },
      stream: { expectedVersion: 0, headPath },
    });
    return { taskId, version: 1 };
  },
});

/** Says differently what is to be done. */
export const updateTask = defineCommand({
  name: 'updateTask',
  input: z.strictObject({ ...ofTask, title }),
  run: async (context, input) => {
    const { matterId } = input;
    const task = await openTask(context, input);
    requireOpen(task);
    context.tx.update(task.path, { title: input.title, updatedAt: SERVER_TIME });
    await context.emit({
      ...change(input, task),
      eventType: 'task.updated',
      payload: { matterId, title: input.title },
    });
    return { taskId: input.taskId, version: task.version + 1 };
  },
});

/** Gives a task to somebody who is in the matter. */
export const assignTask = defineCommand({
  name: 'assignTask',
  input: z.strictObject({ ...ofTask, assigneeUid: entityId }),
  run: async (context, input) => {
    const { matterId, assigneeUid } = input;
    const { tx, access } = context;
    const task = await openTask(context, input);
    requireAssignable(task, assigneeUid);
    await access.requireMatter(tx, input, assigneeUid).catch(notInMatter);
    tx.update(task.path, { assigneeUid, updatedAt: SERVER_TIME });
    await context.emit({
      ...change(input, task),
      eventType: 'task.assigned',
      payload: { matterId, assigneeUid },
    });
    return { taskId: input.taskId, version: task.version + 1 };
  },
});

/** It is done. */
export const completeTask = defineCommand({
  name: 'completeTask',
  input: z.strictObject(ofTask),
  run: async (context, input) => {
    const { matterId } = input;
    const task = await openTask(context, input);
    requireOpen(task);
    const completed = { completedBy: context.caller.uid, completedAt: SERVER_TIME };
    context.tx.update(task.path, { status: 'done', ...completed, updatedAt: SERVER_TIME });
    await context.emit({
      ...change(input, task),
      eventType: 'task.completed',
      payload: { matterId },
    });
    return { taskId: input.taskId, version: task.version + 1 };
  },
});

interface TaskName {
  readonly orgId: string;
  readonly matterId: string;
  readonly taskId: string;
  readonly expectedVersion?: number | undefined;
}

/** The task that somebody wants to act on; throws unless they are in its matter and it is there. */
async function openTask(
  { tx, access, caller }: CommandContext<TaskEvent>,
  { orgId, matterId, taskId }: TaskName,
): Promise<Task & { readonly path: string }> {
  await access.requireMatter(tx, { orgId, matterId }, caller.uid);
  const path = taskPath(matterId, taskId);
  return { ...requireTask((await tx.get(path)).data, orgId), path };
}

/** What all events of a task that is there say. */
function change(
  { orgId, matterId, taskId, expectedVersion }: TaskName,
  { version, path }: { readonly version: number; readonly path: string },
) {
  const stream = { expectedVersion: expectedVersion ?? version, headPath: path };
  return { orgId, matterId, entityType: 'task', entityId: taskId, stream };
}

function notInMatter(error: unknown): never {
  if (!(error instanceof CodedError)) throw error;
  throw new CodedError('failed-precondition', 'This person is not in the matter.');
}
