import { describe, expect, test } from '@jest/globals';
import { CodedError } from '#kernel';
import { PermanentError } from '#outbox';
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

function crowd(size: number) {
  return Array.from({ length: size }, (_, n) => person(`u${n}`));
}

/** As many admins as there are, or `too-many` where that is more than was asked for. */
function organizationOf(size: number): Audience {
  return {
    ...audience,
    admins: async (_, atMost) => (size > atMost ? 'too-many' : [person('ada'), ...crowd(size - 1)]),
  };
}

describe('an event for a crowd', () => {
  test('of a hundred beside who did it is for all of them', async () => {
    expect(await recipientsOf(anEventOfNoMatter(), organizationOf(101))).toHaveLength(100);
  });

  test.each<[string, ReturnType<typeof anEvent>, Audience]>([
    ['of more admins', anEventOfNoMatter(), organizationOf(102)],
    ['of far more admins', anEventOfNoMatter(), organizationOf(1_000)],
    [
      'of admins who all have yet to hear of it',
      anEventOfNoMatter({ actor: { actorType: 'system', actorId: 'ada' } }),
      organizationOf(101),
    ],
    ['of more members', anEvent(), { ...audience, matterMembers: async () => crowd(101) }],
  ])('%s is given up for good, and says what to do', async (_, event, everybody) => {
    const error: unknown = await recipientsOf(event, everybody).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(PermanentError);
    expect(error).toMatchObject({
      code: 'too-many-recipients',
      message: expect.stringMatching(/100.*redrive/),
    });
  });
});

test('what the audience cannot tell now is an error, never nobody', async () => {
  const broken: Audience = {
    ...audience,
    matterMembers: () => Promise.reject(new CodedError('not-found', 'gone')),
  };
  await expect(recipientsOf(anEvent(), broken)).rejects.toThrow('gone');
});
