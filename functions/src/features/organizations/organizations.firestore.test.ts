import { describe, expect, test } from '@jest/globals';
import { call, firestore } from '../../composition/testing/backend.ts';
import { endsOf } from '../../composition/testing/outcomes.ts';
import { addComment } from '../comments/index.ts';
import { createMatter } from '../matters/index.ts';
import { addMember, changeMemberRole, createOrganization, removeMember } from './index.ts';

async function found(by: string, said: Record<string, unknown> = {}): Promise<string> {
  const input = { name: 'Smith', email: `${by}@example.test`, displayName: by, ...said };
  return String((await call(createOrganization, by, input))['orgId']);
}

function person(uid: string, role = 'member') {
  return { uid, role, email: `${uid}@example.test`, displayName: uid };
}

describe('founding', () => {
  test('twice without a key makes two organizations', async () => {
    expect(await found('ada')).not.toBe(await found('ada'));
  });

  test('under the same key by two people makes one for each', async () => {
    const [ada, ben] = ['ada', 'ben'].map((uid) => found(uid, { idempotencyKey: 'same' }));
    expect(await ada).not.toBe(await ben);
  });

  test('under a key makes the same id again, even once the record of the first has expired', async () => {
    const orgId = await found('cleo', { idempotencyKey: 'old' });
    const record = await firestore.collection('commands').where('result.orgId', '==', orgId).get();
    await record.docs[0]!.ref.delete();
    // It collides where it would have doubled.
    await expect(found('cleo', { idempotencyKey: 'old' })).rejects.toMatchObject({
      code: 'already-exists',
    });
  });
});

describe('taking somebody in', () => {
  test('makes admins that take in others', async () => {
    const orgId = await found('ada');
    await call(addMember, 'ada', { orgId, ...person('ben', 'admin') });
    await call(addMember, 'ben', { orgId, ...person('cleo') });
    const { docs } = await firestore.collection(`orgs/${orgId}/members`).get();
    const roles = docs.map((member): unknown[] => [member.id, member.get('role')]);
    expect(roles).toEqual([
      ['ada', 'admin'],
      ['ben', 'admin'],
      ['cleo', 'member'],
    ]);
  });

  test('twice at once does so once', async () => {
    const orgId = await found('ada');
    const add = (): Promise<unknown> => call(addMember, 'ada', { orgId, ...person('ben') });
    expect(await endsOf([add(), add()])).toEqual(['already-exists', 'ok']);
  });
});

/** An organization of ada's, with ben as this. */
async function foundWith(role: string): Promise<string> {
  const orgId = await found('ada');
  await call(addMember, 'ada', { orgId, ...person('ben', role) });
  return orgId;
}

async function admins(orgId: string): Promise<string[]> {
  const members = firestore.collection(`orgs/${orgId}/members`);
  return (await members.where('role', '==', 'admin').get()).docs.map(({ id }) => id);
}

describe('another role', () => {
  test('counts from the very next call', async () => {
    const orgId = await foundWith('member');
    const add = () => call(addMember, 'ben', { orgId, ...person('cleo') });
    await expect(add()).rejects.toMatchObject({ code: 'permission-denied' });
    await call(changeMemberRole, 'ada', { orgId, uid: 'ben', role: 'admin' });
    expect(await add()).toEqual({ uid: 'cleo' });
    await call(changeMemberRole, 'ben', { orgId, uid: 'ada', role: 'member' });
    await expect(
      call(changeMemberRole, 'ada', { orgId, uid: 'ada', role: 'admin' }),
    ).rejects.toMatchObject({ code: 'permission-denied' });
  });

  test('is not taken from the last admin, by two at once either', async () => {
    const orgId = await foundWith('admin');
    const demote = (uid: string) => call(changeMemberRole, uid, { orgId, uid, role: 'member' });
    expect(await endsOf([demote('ada'), demote('ben')])).toEqual(['failed-precondition', 'ok']);
    expect(await admins(orgId)).toHaveLength(1);
  });
});

describe('leaving', () => {
  const leave = (orgId: string, uid: string, by = uid) => call(removeMember, by, { orgId, uid });

  test('is everybody’s own decision, but the last admin’s', async () => {
    const orgId = await foundWith('member');
    expect(await leave(orgId, 'ben')).toEqual({ uid: 'ben' });
    await expect(leave(orgId, 'ada')).rejects.toMatchObject({ code: 'failed-precondition' });
    expect(await admins(orgId)).toEqual(['ada']);
  });

  test('of two admins at once leaves one of them', async () => {
    const orgId = await foundWith('admin');
    expect(await endsOf([leave(orgId, 'ada'), leave(orgId, 'ben')])).toEqual([
      'failed-precondition',
      'ok',
    ]);
    expect(await admins(orgId)).toHaveLength(1);
  });

  test('while the other admin becomes a member is one of both', async () => {
    const orgId = await foundWith('admin');
    const demote = call(changeMemberRole, 'ada', { orgId, uid: 'ben', role: 'member' });
    // Whoever comes first decides whether the other still may, or still is, what they were.
    const ends = await endsOf([leave(orgId, 'ada'), demote]);
    expect(ends).toContain('ok');
    expect(ends).toHaveLength(2);
    expect(await admins(orgId)).toHaveLength(1);
  });

  test('is twice at once done once', async () => {
    const orgId = await foundWith('member');
    const ends = await endsOf([leave(orgId, 'ben', 'ada'), leave(orgId, 'ben', 'ada')]);
    expect(ends).toEqual(['not-found', 'ok']);
  });

  test('takes away all access at once, to matters too, and ends with being taken in again', async () => {
    const orgId = await foundWith('member');
    const opening = { orgId, title: 'Smith', memberUids: ['ben'] };
    const { matterId } = await call(createMatter, 'ada', opening);
    const comment = () => call(addComment, 'ben', { orgId, matterId, body: 'Hi' });
    await comment();
    await leave(orgId, 'ben');
    for (const act of [comment, () => call(createMatter, 'ben', { orgId, title: 'Mine' })]) {
      await expect(act()).rejects.toMatchObject({ code: 'permission-denied' });
    }
    await call(addMember, 'ada', { orgId, ...person('ben') });
    expect(await comment()).toMatchObject({ version: 1 });
  });

  test('with a key is answered again as it was, and does nothing to who came back', async () => {
    const orgId = await foundWith('member');
    const said = { orgId, uid: 'ben', idempotencyKey: 'out' };
    const first = await call(removeMember, 'ada', said);
    await call(addMember, 'ada', { orgId, ...person('ben') });
    expect(await call(removeMember, 'ada', said)).toEqual(first);
    expect((await firestore.doc(`orgs/${orgId}/members/ben`).get()).exists).toBe(true);
  });
});

test('of many admins all but one can step down, though they do it at once', async () => {
  const orgId = await found('ada');
  const others = ['ben', 'cleo', 'dan', 'eve'];
  for (const uid of others) await call(addMember, 'ada', { orgId, ...person(uid, 'admin') });
  const leave = (uid: string) => call(removeMember, uid, { orgId, uid });
  let left: readonly string[] = ['ada', ...others];
  for (let round = 0; round < 5 && left.length > 1; round += 1) {
    await Promise.allSettled(left.map(leave));
    left = await admins(orgId);
  }
  expect(left).toHaveLength(1);
  await expect(leave(left[0]!)).rejects.toMatchObject({ code: 'failed-precondition' });
});
