import type { emitDomainEventWithOutbox } from '../../functions/src/composition/backend.ts';

/** How an event is emitted: by a commit of its own, or with what a feature changes. */
export type Form = 'alone' | 'in a transaction' | 'in a stream';

/** Emits the nth event. */
export type Emitting = (n: number) => Promise<void>;

/** The document that a feature changes in the same transaction, and that holds the stream's head. */
export const ENTITY_PATH = 'matters/matter1/comments/comment1';

/** A comment of usual length. */
export function anEvent(): Parameters<typeof emitDomainEventWithOutbox>[0] {
  return {
    orgId: 'org1',
    eventType: 'comment.added',
    entityType: 'comment',
    entityId: 'comment1',
    actor: { actorType: 'user', actorId: 'uid1' },
    payload: { body: 'Please look at this before noon. '.repeat(6), matterId: 'matter1' },
    matterId: 'matter1',
  };
}
