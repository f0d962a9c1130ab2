export { MemoryDocuments, RefusedCommitError } from './memory-documents.ts';
export type { ConditionalWrite } from './memory-documents.ts';
export { openMemoryOutbox } from './memory-outbox.ts';
export type {
  HandlersAtWork,
  MemoryOutbox,
  MemoryOutboxOptions,
  RecordedJob,
} from './memory-outbox.ts';
export { createMemoryOutboxStore } from './memory-store.ts';
