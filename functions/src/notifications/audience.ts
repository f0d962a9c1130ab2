import type { DomainEvent } from '#events';
import { PermanentError } from '#outbox';

/** Somebody a message can be sent to. */
export interface Recipient {
  readonly uid: string;
  readonly email: string;
}

/** Who hears of what; the features that own the memberships answer. */
export interface Audience {
  /** The members of a matter who are still in the organization. */
  matterMembers(orgId: string, matterId: string): Promise<Recipient[]>;
  /** All admins of an organization, never only some of them. */
  admins(orgId: string, atMost: number): Promise<Recipient[] | 'too-many'>;
}

/** As many as are told in one commit: each by a notification and an e-mail job. */
const MAX_RECIPIENTS = 100;

/**
 * The people an event is for: the matter's members, or the organization's admins where there is no
 * matter; never the one who did it. More of them than one commit can tell is an error that no retry mends:
 * the job waits, as a dead letter, until there are fewer.
 */
export async function recipientsOf(event: DomainEvent, audience: Audience): Promise<Recipient[]> {
  const everybody =
    event.matterId === undefined
      ? await audience.admins(event.orgId, MAX_RECIPIENTS + 1)
      : await audience.matterMembers(event.orgId, event.matterId);
  if (everybody === 'too-many') throw tooMany();
  const { actorType, actorId } = event.actor;
  const recipients = everybody.filter(({ uid }) => actorType !== 'user' || uid !== actorId);
  if (recipients.length > MAX_RECIPIENTS) throw tooMany();
  return recipients;
}

function tooMany(): PermanentError {
  const many = `This event is for more than ${MAX_RECIPIENTS} people; nobody was told of it.`;
  const remedy = `Leave at most ${MAX_RECIPIENTS} admins (or members of the matter), then redrive this job.`;
  return new PermanentError(`${many} ${remedy}`, { code: 'too-many-recipients' });
}
