import { beforeEach, describe, expect, test } from '@jest/globals';
import { call, firestore } from '../../composition/testing/backend.ts';
import { effectsOf } from '../../composition/testing/effects.ts';
import { endsOf } from '../../composition/testing/outcomes.ts';
import type { World } from '../../composition/testing/world.ts';
import { aWorld } from '../../composition/testing/world.ts';
import { addComment, deleteComment, updateComment } from './index.ts';

let world: World;

beforeEach(async () => {
  world = await aWorld();
});

function change(body: string, expectedVersion?: number): Promise<unknown> {
  const { orgId, matterId, commentId } = world;
  const version = expectedVersion === undefined ? {} : { expectedVersion };
  return call(updateComment, 'cleo', { orgId, matterId, commentId, body, ...version });
}

function remove(by: string): Promise<unknown> {
  const { orgId, matterId, commentId } = world;
  return call(deleteComment, by, { orgId, matterId, commentId });
}

async function comment(): Promise<unknown> {
  return (
    await firestore.doc(`matters/${world.matterId}/comments/${world.commentId}`).get()
  ).data();
}

describe('a comment that was deleted', () => {
  test.each([
    ['changed', () => change('Back')],
    ['deleted', () => remove('cleo')],
    ['deleted by an admin', () => remove('ada')],
  ])('is not %s any more', async (_, act) => {
    await remove('cleo');
    const { written } = await effectsOf(() =>
      expect(act()).rejects.toMatchObject({ code: 'not-found' }),
    );
    expect(written.size).toBe(0);
  });

  test('by an admin leaves its author and no text', async () => {
    await remove('ada');
    expect(await comment()).toMatchObject({ authorUid: 'cleo', stream: { version: 2 } });
    expect(await comment()).not.toHaveProperty('body');
    expect(await comment()).not.toHaveProperty('mentions');
  });
});

describe('a change of what somebody else changed meanwhile', () => {
  test('is a conflict where the caller says which version they saw', async () => {
    await change('Second', 1);
    await expect(change('Other second', 1)).rejects.toMatchObject({
      code: 'stream-conflict',
      expectedVersion: 1,
      actualVersion: 2,
    });
    expect(await comment()).toMatchObject({ body: 'Second', stream: { version: 2 } });
  });

  test('at the same moment is won by one of them', async () => {
    expect(await endsOf([change('A', 1), change('B', 1)])).toEqual(['ok', 'stream-conflict']);
    expect(await comment()).toMatchObject({ stream: { version: 2 } });
  });

  test('comes after it where they do not', async () => {
    expect(await endsOf([change('A'), change('B')])).toEqual(['ok', 'ok']);
    expect(await comment()).toMatchObject({ stream: { version: 3 } });
  });
});

describe('an admin', () => {
  test('comments in a matter without being in it', async () => {
    const { orgId, matterId } = world;
    const said = { orgId, matterId, body: 'Noted' };
    expect(await call(addComment, 'ada', said)).toMatchObject({ version: 1 });
  });
});

test('mentions that a change does not speak of stay as they were', async () => {
  const { orgId, matterId, commentId } = world;
  const said = { orgId, matterId, commentId, body: 'Ben?', mentions: ['ben'] };
  await call(updateComment, 'cleo', said);
  await change('Ben!');
  expect(await comment()).toMatchObject({ body: 'Ben!', mentions: ['ben'] });
});
