import type { TypedEventInput } from '../emit/emit.ts';
import type { EventInput } from '../emit/event-input.ts';
import type { EventContent } from '../event.ts';
import type { TestEvent } from './catalog.ts';

/** A note by a user, about an entity of its own; say what matters. */
export function aNote(said: Partial<EventInput> = {}): TypedEventInput<TestEvent> {
  return {
    orgId: 'org1',
    eventType: 'note.added',
    entityType: 'note',
    entityId: 'note1',
    actor: { actorType: 'user', actorId: 'uid1' },
    payload: { text: 'Hello', any: null },
    ...said,
  } as TypedEventInput<TestEvent>;
}

/** What a note says once it is planned. */
export function aContent(said: Partial<EventContent> = {}): EventContent {
  const { orgId, eventType, entityType, entityId, actor, payload } = aNote();
  return {
    orgId,
    eventType,
    entityType,
    entityId,
    actor,
    payload,
    schemaVersion: 1,
    related: ['note:note1'],
    ...said,
  };
}
