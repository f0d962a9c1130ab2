export { createFirestoreEmit } from './emit.ts';
export type { EmitDomainEvent, FirestoreEmitOptions } from './emit.ts';
export { createEventLoader } from './event-log.ts';
export { listEvents } from './list-events.ts';
export type { EventListing } from './list-events.ts';
export { createFirestoreStreamSource } from './stream-source.ts';
