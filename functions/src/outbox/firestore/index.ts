export { createDeadLetterRows } from './dead-letter-rows.ts';
export type { DeadLetterRows } from './dead-letter-rows.ts';
export { createFirestoreOutboxStore } from './firestore-store.ts';
export { createFindUnsent } from './unsent-jobs.ts';
export type { FindUnsent } from './unsent-jobs.ts';
export { createEventJobs } from './event-jobs.ts';
export type { EventJobs } from './event-jobs.ts';
export { createJobQuestions } from './job-questions.ts';
export type { JobQuestions } from './job-questions.ts';
