import type { Intent } from '../client/index.ts';
import { intentTo } from '../client/index.ts';
import type { Person, Place } from './person.ts';
import { signUp } from './person.ts';

/** Two people at work on a matter. */
export interface Office {
  readonly orgId: string;
  readonly people: readonly [Person, Person];
  readonly intentToSay: (body: string) => Intent<'addComment'>;
}

/** Signs up Ada and Ben, who found an organization and open a matter: all of it by the typed client. */
export async function openOffice(place: Place): Promise<Office> {
  const [ada, ben] = await Promise.all([signUp(place, 'Ada'), signUp(place, 'Ben')]);
  const { orgId } = await ada.client.call('createOrganization', {
    name: 'Lovelace & Partners',
    email: ada.email,
    displayName: ada.name,
  });
  await ada.client.call('addMember', {
    orgId,
    uid: ben.uid,
    email: ben.email,
    displayName: ben.name,
    role: 'member',
  });
  const { matterId } = await ada.client.call('createMatter', {
    orgId,
    title: 'Babbage v. Difference Engine Co.',
    memberUids: [ben.uid],
  });
  return {
    orgId,
    people: [ada, ben],
    intentToSay: (body) => intentTo('addComment', { orgId, matterId, body }),
  };
}
