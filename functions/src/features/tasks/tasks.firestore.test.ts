import { beforeEach, describe, expect, test } from '@jest/globals';
import { call, firestore } from '../../composition/testing/backend.ts';
import { effectsOf } from '../../composition/testing/effects.ts';
import { endsOf } from '../../composition/testing/outcomes.ts';
import type { World } from '../../composition/testing/world.ts';
import { aWorld } from '../../composition/testing/world.ts';
import { removeMember } from '../organizations/index.ts';
import { assignTask, completeTask, updateTask } from './index.ts';

let world: World;

beforeEach(async () => {
  world = await aWorld();
});

function act(command: unknown, by: string, said: object = {}): Promise<unknown> {
  const { orgId, matterId, taskId } = world;
  return call(command, by, { orgId, matterId, taskId, ...said });
}

async function task(): Promise<unknown> {
  return (await firestore.doc(`matters/${world.matterId}/tasks/${world.taskId}`).get()).data();
}

describe('a task that is done', () => {
  test.each<[string, unknown, object]>([
    ['done again', completeTask, {}],
    ['changed', updateTask, { title: 'Other' }],
    ['given to somebody', assignTask, { assigneeUid: 'cleo' }],
  ])('is not %s', async (_, command, said) => {
    await act(completeTask, 'ben');
    const { written } = await effectsOf(() =>
      expect(act(command, 'cleo', said)).rejects.toMatchObject({
        code: 'failed-precondition',
        message: 'The task is done already.',
      }),
    );
    expect(written.size).toBe(0);
  });

  test('by two at once is done by one of them', async () => {
    const ends = await endsOf([act(completeTask, 'ben'), act(completeTask, 'cleo')]);
    expect(ends).toEqual(['failed-precondition', 'ok']);
    expect(await task()).toMatchObject({ status: 'done', stream: { version: 2 } });
  });
});

describe('a task is given', () => {
  test('to an admin who is not in the matter: they have access to it', async () => {
    await act(assignTask, 'ben', { assigneeUid: 'ada' });
    expect(await task()).toMatchObject({ assigneeUid: 'ada' });
  });

  test('to the next one, and not twice to the same', async () => {
    await act(assignTask, 'ben', { assigneeUid: 'cleo' });
    await expect(act(assignTask, 'ben', { assigneeUid: 'cleo' })).rejects.toMatchObject({
      code: 'failed-precondition',
    });
    await act(assignTask, 'cleo', { assigneeUid: 'ben' });
    expect(await task()).toMatchObject({ assigneeUid: 'ben', stream: { version: 3 } });
  });

  test('not to somebody who has just left the organization', async () => {
    await call(removeMember, 'ada', { orgId: world.orgId, uid: 'cleo' });
    await expect(act(assignTask, 'ben', { assigneeUid: 'cleo' })).rejects.toMatchObject({
      code: 'failed-precondition',
    });
  });
});

describe('a change of what somebody else changed meanwhile', () => {
  const rename = (title: string, by: string, said: object = {}) =>
    act(updateTask, by, { title, ...said });

  test('is a conflict where the caller says which version they saw', async () => {
    const ends = await endsOf([
      rename('A', 'ben', { expectedVersion: 1 }),
      rename('B', 'cleo', { expectedVersion: 1 }),
    ]);
    expect(ends).toEqual(['ok', 'stream-conflict']);
    expect(await task()).toMatchObject({ stream: { version: 2 } });
  });

  test('comes after it where they do not', async () => {
    expect(await endsOf([rename('A', 'ben'), rename('B', 'cleo')])).toEqual(['ok', 'ok']);
    expect(await task()).toMatchObject({ stream: { version: 3 } });
  });
});

test('an admin does it all without being in the matter', async () => {
  await act(updateTask, 'ada', { title: 'Call again' });
  await act(assignTask, 'ada', { assigneeUid: 'ben' });
  await act(completeTask, 'ada');
  expect(await task()).toMatchObject({ title: 'Call again', status: 'done', completedBy: 'ada' });
});
