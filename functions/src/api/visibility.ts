import type { DomainEvent, RecordedEvent } from '#events';
import { CodedError } from '#kernel';
import type { ApiDeps } from './ports.ts';
import type { Visit } from './route.ts';
import { isVisible } from './sight.ts';

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
 * The newest event of an entity, which says whose the entity is: a member sees one that is in a matter
 * of theirs. Throws `not-found` for any other, and where there is none.
 */
export async function requireEntity(
  api: Pick<ApiDeps, 'events' | 'mattersAmong'>,
  visit: Visit,
  entity: { readonly entityType: string; readonly entityId: string },
): Promise<RecordedEvent> {
  const { orgId } = visit;
  const { entityType, entityId } = entity;
  const { events } = await api.events.list({ orgId, entityType, entityId, limit: 1 });
  const [newest] = await visibleOf(api, visit, events);
  if (newest === undefined) throw notFound('entity');
  return newest;
}
