import { beforeEach, describe, expect, test } from '@jest/globals';
import { call, firestore } from '../../composition/testing/backend.ts';
import { endsOf } from '../../composition/testing/outcomes.ts';
import type { World } from '../../composition/testing/world.ts';
import { aWorld } from '../../composition/testing/world.ts';
import { addMatterMember, createMatter, updateMatter } from './index.ts';

let world: World;

beforeEach(async () => {
  world = await aWorld();
});

function add(uid: string, by = 'ben'): Promise<unknown> {
  const { orgId, matterId } = world;
  return call(addMatterMember, by, { orgId, matterId, uid });
}

async function members(): Promise<unknown> {
  return (await firestore.doc(`matters/${world.matterId}`).get()).get('memberUids');
}

describe('taking somebody into a matter', () => {
  test('is an admin’s too, even for themselves', async () => {
    await add('ada', 'ada');
    expect(await members()).toEqual(['ben', 'cleo', 'finn', 'ada']);
  });

  test('by two at once takes both in', async () => {
    expect(await endsOf([add('eve'), add('ada', 'cleo')])).toEqual(['ok', 'ok']);
    expect(await members()).toEqual(expect.arrayContaining(['ben', 'cleo', 'eve', 'ada']));
  });

  test('twice at once does so once', async () => {
    expect(await endsOf([add('eve'), add('eve', 'cleo')])).toEqual(['already-exists', 'ok']);
    expect(await members()).toEqual(['ben', 'cleo', 'finn', 'eve']);
  });

  test('ends at a hundred people', async () => {
    const others = Array.from({ length: 97 }, (_, n) => `u${n}`);
    const full = ['ben', 'cleo', ...others];
    await firestore.doc(`matters/${world.matterId}`).update({ memberUids: full });
    await add('eve');
    await expect(add('ada')).rejects.toMatchObject({ code: 'failed-precondition' });
    expect(await members()).toEqual([...full, 'eve']);
  });
});

test('who opens a matter is in it, once', async () => {
  const { orgId } = world;
  const said = { orgId, title: 'Alone', memberUids: ['eve'] };
  const { matterId } = await call(createMatter, 'eve', said);
  expect((await firestore.doc(`matters/${String(matterId)}`).get()).get('memberUids')).toEqual([
    'eve',
  ]);
});

describe('another title', () => {
  const rename = (title: string, by: string, said: object = {}) => {
    const { orgId, matterId } = world;
    return call(updateMatter, by, { orgId, matterId, title, ...said });
  };
  const matter = async () => (await firestore.doc(`matters/${world.matterId}`).get()).data();

  test('is a conflict with what was changed meanwhile, where the caller says what they saw', async () => {
    await rename('Second', 'ben', { expectedVersion: 1 });
    await expect(rename('Other', 'cleo', { expectedVersion: 1 })).rejects.toMatchObject({
      code: 'stream-conflict',
      actualVersion: 2,
    });
    expect(await matter()).toMatchObject({ title: 'Second', stream: { version: 2 } });
  });

  test('and another member at once are both there', async () => {
    expect(await endsOf([rename('Second', 'ada'), add('eve')])).toEqual(['ok', 'ok']);
    const memberUids = ['ben', 'cleo', 'finn', 'eve'];
    expect(await matter()).toMatchObject({ title: 'Second', memberUids, stream: { version: 3 } });
  });
});
