export { createFirestoreOutboxStore } from './firestore-store.ts';
export { createEventJobs } from './event-jobs.ts';
export type { EventJobs } from './event-jobs.ts';
