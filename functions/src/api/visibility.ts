import type { DomainEvent, RecordedEvent } from '#events';
import { CodedError } from '#kernel';
import type { ApiDeps } from './ports.ts';
import type { Visit } from './route.ts';
import { isVisible } from './sight.ts';

/** Something that events are about. */
export interface Entity {
  readonly entityType: string;
  readonly entityId: string;
}

/** Who sees everything there is in the organization. */
export function seesAll({ role }: Pick<Visit, 'role'>): boolean {
  return role === 'admin' || role === 'operator';
}

/** Those of some events that the caller may see. Costs a member one read for each matter among them. */
export async function visibleOf<Event extends DomainEvent>(
  api: Pick<ApiDeps, 'mattersAmong'>,
  visit: Visit,
  events: readonly Event[],
): Promise<readonly Event[]> {
  if (seesAll(visit)) return events;
  const matterIds = [...new Set(events.flatMap(({ matterId }) => matterId ?? []))];
  const sight = await api.mattersAmong(visit.orgId, visit.caller.uid, matterIds);
  return events.filter((event) => isVisible(event, sight));
}

/** What is not there and what is not theirs are one to whoever asks. */
export function notFound(what: string): CodedError {
  return new CodedError('not-found', `There is no such ${what}, or it is not for you to see.`);
}

/** Throws `not-found` unless all of these may be seen: a part of them would tell of the others. */
export async function requireAllVisible(
  api: Pick<ApiDeps, 'mattersAmong'>,
  visit: Visit,
  events: readonly DomainEvent[],
): Promise<void> {
  const visible = await visibleOf(api, visit, events);
  if (visible.length < events.length) throw notFound('entity');
}

/** Throws `not-found` unless the caller may see what happened in the matter. */
export async function requireMatter(
  api: Pick<ApiDeps, 'mattersAmong'>,
  visit: Visit,
  matterId: string,
): Promise<void> {
  if (seesAll(visit)) return;
  const own = await api.mattersAmong(visit.orgId, visit.caller.uid, [matterId]);
  if (!own.has(matterId)) throw notFound('matter');
}

/**
 * The event that says whose an entity is: the newest of its own stream, whatever others have said of it since,
 * and where it has no stream the newest of all. A member sees an entity that is in a matter of theirs.
 * Throws `not-found` for any other, and where there is none. Costs one read where the newest event is of the
 * stream, two where there is no stream, four where something else was said last; a member's matter one more.
 */
export async function requireEntity(
  api: Pick<ApiDeps, 'events' | 'headPathOf' | 'mattersAmong'>,
  visit: Visit,
  entity: Entity,
): Promise<RecordedEvent> {
  const event = await ownEventOf(api, { orgId: visit.orgId, ...entity });
  const [visible] = event === undefined ? [] : await visibleOf(api, visit, [event]);
  if (visible === undefined) throw notFound('entity');
  return visible;
}

async function ownEventOf(
  { events, headPathOf }: Pick<ApiDeps, 'events' | 'headPathOf'>,
  { orgId, entityType, entityId }: Entity & { readonly orgId: string },
): Promise<RecordedEvent | undefined> {
  const entity = { orgId, entityType, entityId };
  const [newest] = (await events.list({ ...entity, limit: 1 })).events;
  if (newest === undefined || newest.streamVersion !== undefined) return newest;
  return (await events.newestOfStream({ ...entity, headPathOf })) ?? newest;
}

/** The matter that an entity is in, for a member, whose pages are of one matter: none leaves anything out. */
export async function requireMatterOf(
  api: Parameters<typeof requireEntity>[0],
  visit: Visit,
  entity: Entity,
): Promise<string> {
  const { matterId } = await requireEntity(api, visit, entity);
  if (matterId === undefined) throw notFound('entity');
  return matterId;
}
