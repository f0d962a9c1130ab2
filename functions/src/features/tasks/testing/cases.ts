import type {
  CommandCase,
  ExpectedOutcome,
  Refusal,
} from '../../../composition/testing/command-case.ts';
import { headAt, NEW_ID, TIME } from '../../../composition/testing/expected.ts';
import { malformed, refusedToStrangers } from '../../../composition/testing/refusals.ts';
import type { World } from '../../../composition/testing/world.ts';

const badTitles: Refusal[] = [
  malformed('an empty title', { title: ' ' }, ['title']),
  malformed('a title of 501 characters', { title: 'x'.repeat(501) }, ['title']),
];
const inNoMatter: Refusal[] = [
  { why: 'in no matter', code: 'permission-denied', said: () => ({ matterId: 'none' }) },
  {
    why: 'in no matter, by an admin',
    by: 'ada',
    code: 'not-found',
    said: () => ({ matterId: 'none' }),
  },
];
/** What every change of a task is refused for. */
const notTheirs: Refusal[] = [
  ...refusedToStrangers,
  ...inNoMatter,
  { why: 'of no task', code: 'not-found', said: () => ({ taskId: 'none' }) },
  { why: 'at a version to come', code: 'stream-conflict', said: () => ({ expectedVersion: 2 }) },
  malformed('version 0', { expectedVersion: 0 }, ['expectedVersion']),
];

const taskOf = ({ orgId, matterId, taskId }: World) => ({
  orgId,
  matterId,
  taskId,
  expectedVersion: 1,
});

/** The world's task after one change by ben. */
function changed(
  { orgId, matterId, taskId }: World,
  eventType: string,
  payload: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, unknown>>,
): ExpectedOutcome {
  const task = {
    orgId,
    matterId,
    taskId,
    title: 'Call Roe',
    status: 'open',
    assigneeUid: null,
    createdBy: 'cleo',
    createdAt: TIME,
    updatedAt: TIME,
    stream: headAt(2),
  };
  const entity = { entityType: 'task', entityId: taskId, streamVersion: 2, matterId };
  return {
    result: { taskId, version: 2 },
    orgId,
    events: [{ eventType, ...entity, payload: { matterId, ...payload } }],
    documents: { [`matters/${matterId}/tasks/${taskId}`]: { ...task, ...fields } },
  };
}

const createTask: CommandCase = {
  by: 'ben',
  input: ({ orgId, matterId }) => ({ orgId, matterId, title: ' Write to Roe ' }),
  otherwise: { title: 'Write to Doe' },
  outcome: ({ orgId, matterId }, { taskId }) => ({
    result: { taskId: NEW_ID, version: 1 },
    orgId,
    events: [
      {
        eventType: 'task.created',
        entityType: 'task',
        entityId: String(taskId),
        streamVersion: 1,
        matterId,
        payload: { matterId, title: 'Write to Roe' },
      },
    ],
    documents: {
      [`matters/${matterId}/tasks/${String(taskId)}`]: {
        orgId,
        matterId,
        taskId,
        title: 'Write to Roe',
        status: 'open',
        assigneeUid: null,
        createdBy: 'ben',
        createdAt: TIME,
        updatedAt: TIME,
        stream: headAt(1),
      },
    },
  }),
  refusals: [...refusedToStrangers, ...inNoMatter, ...badTitles],
};

const updateTask: CommandCase = {
  by: 'ben',
  input: (world) => ({ ...taskOf(world), title: ' Call Roe back ' }),
  otherwise: { expectedVersion: undefined },
  outcome: (world) => {
    const title = 'Call Roe back';
    return changed(world, 'task.updated', { title }, { title });
  },
  refusals: [...notTheirs, ...badTitles],
};

const assignTask: CommandCase = {
  by: 'ben',
  input: (world) => ({ ...taskOf(world), assigneeUid: 'cleo' }),
  otherwise: { assigneeUid: 'ben' },
  outcome: (world) => {
    const assigneeUid = 'cleo';
    return changed(world, 'task.assigned', { assigneeUid }, { assigneeUid });
  },
  refusals: [
    ...notTheirs,
    ...['eve', 'finn', 'zoe', 'joe'].map((assigneeUid): Refusal => ({
      why: `to ${assigneeUid}, who is not in the matter`,
      code: 'failed-precondition',
      said: () => ({ assigneeUid }),
    })),
    malformed('an assignee that is no id', { assigneeUid: 'a/b' }, ['assigneeUid']),
  ],
};

const completeTask: CommandCase = {
  by: 'ben',
  input: taskOf,
  otherwise: { expectedVersion: undefined },
  outcome: (world) => {
    const completed = { status: 'done', completedBy: 'ben', completedAt: TIME };
    return changed(world, 'task.completed', {}, completed);
  },
  refusals: notTheirs,
};

export const taskCases = { createTask, updateTask, assignTask, completeTask };
