import type { DomainEvent } from '#events';

/** Somebody a message can be sent to. */
export interface Recipient {
  readonly uid: string;
  readonly email: string;
}

/** Who hears of what; the features that own the memberships answer. */
export interface Audience {
  /** The members of a matter who are still in the organization. */
  matterMembers(orgId: string, matterId: string): Promise<Recipient[]>;
  admins(orgId: string): Promise<Recipient[]>;
}

/**
 * The people an event is for: the matter's members, or the organization's admins where there is no
 * matter; never the one who did it.
 */
export async function recipientsOf(event: DomainEvent, audience: Audience): Promise<Recipient[]> {
  const everybody =
    event.matterId === undefined
      ? await audience.admins(event.orgId)
      : await audience.matterMembers(event.orgId, event.matterId);
  const { actorType, actorId } = event.actor;
  return everybody.filter(({ uid }) => actorType !== 'user' || uid !== actorId);
}
