export { createFirestoreEmit, createFirestoreEmitBatch } from './emit.ts';
export type { EmitDomainEvent, FirestoreEmitOptions } from './emit.ts';
export { createEventLoader } from './event-log.ts';
export { createEventQueries } from './event-queries.ts';
export type { EventName, EventQueries } from './event-queries.ts';
export { createFirestoreProjections } from './projections.ts';
export { createIntegritySource } from './integrity-source.ts';
export { createFirestoreStreamSource } from './stream-source.ts';
