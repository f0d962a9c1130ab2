import { describe, expect, test } from '@jest/globals';
import { call, firestore } from '../../composition/testing/backend.ts';
import { endsOf } from '../../composition/testing/outcomes.ts';
import { addMember, createOrganization } from './index.ts';

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
