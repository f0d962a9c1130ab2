import { expect, test } from '@jest/globals';
import { CodedError } from '#kernel';
import type { Audience } from './audience.ts';
import { recipientsOf } from './audience.ts';
import { anEvent, anEventOfNoMatter } from './testing/an-event.ts';

const person = (uid: string) => ({ uid, email: `${uid}@example.test` });
const audience: Audience = {
  matterMembers: async (...asked) =>
    asked.join() === 'org1,matter1' ? ['ada', 'ben', 'cleo'].map(person) : [],
  admins: async (orgId) => (orgId === 'org1' ? ['ada', 'dan'].map(person) : []),
};

async function uidsFor(...parameters: Parameters<typeof anEvent>): Promise<string[]> {
  return (await recipientsOf(anEvent(...parameters), audience)).map(({ uid }) => uid);
}

test('an event of a matter is for its members, not for who did it', async () => {
  expect(await uidsFor()).toEqual(['ben', 'cleo']);
});

test('an event of no matter is for the admins, not for who did it', async () => {
  const recipients = await recipientsOf(anEventOfNoMatter(), audience);
  expect(recipients).toEqual([person('dan')]);
});

test('who did it need not be among them', async () => {
  const actor = { actorType: 'user', actorId: 'eve' } as const;
  expect(await uidsFor({ actor })).toEqual(['ada', 'ben', 'cleo']);
});

test('what a service or the system did, nobody of the same name is left out of', async () => {
  const actor = { actorType: 'service', actorId: 'ada' } as const;
  expect(await uidsFor({ actor })).toEqual(['ada', 'ben', 'cleo']);
});

test('an event of another organization is for none of them', async () => {
  expect(await uidsFor({ orgId: 'org2' })).toEqual([]);
});

test('what the audience cannot tell now is an error, never nobody', async () => {
  const broken: Audience = {
    ...audience,
    matterMembers: () => Promise.reject(new CodedError('not-found', 'gone')),
  };
  await expect(recipientsOf(anEvent(), broken)).rejects.toThrow('gone');
});
