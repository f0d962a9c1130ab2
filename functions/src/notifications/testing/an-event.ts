import type { DomainEvent } from '#events';

/** A comment by ada in a matter; say what matters. */
export function anEvent(said: Partial<DomainEvent> = {}): DomainEvent {
  return {
    eventId: 'event1',
    orgId: 'org1',
    eventType: 'comment.added',
    schemaVersion: 1,
    entityType: 'comment',
    entityId: 'comment1',
    streamVersion: 1,
    actor: { actorType: 'user', actorId: 'ada' },
    payload: { body: 'Hello', matterId: 'matter1' },
    matterId: 'matter1',
    related: ['comment:comment1', 'matter:matter1'],
    jobTypes: ['notif'],
    metadata: { correlationId: 'correlation1', sourceService: 'tests' },
    contentHash: '',
    ...said,
  };
}

/** The same, of no matter. */
export function anEventOfNoMatter(said: Partial<DomainEvent> = {}): DomainEvent {
  const { matterId: _, ...event } = anEvent({ eventType: 'user.joined', payload: {}, ...said });
  return event;
}
