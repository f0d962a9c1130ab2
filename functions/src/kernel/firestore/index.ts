export { addWrite } from './add-write.ts';
export {
  ABORTED,
  ALREADY_EXISTS,
  DEADLINE_EXCEEDED,
  FAILED_PRECONDITION,
  grpcCode,
  INTERNAL,
  NOT_FOUND,
  RESOURCE_EXHAUSTED,
  UNAVAILABLE,
} from './grpc-code.ts';
export { buildCount, buildQuery, buildQueryEverywhere } from './query.ts';
export { createDocumentReader } from './reader.ts';
export { createRunTransaction, runInTransaction } from './transaction.ts';
export { millisOf, timestampOf, toFirestore } from './values.ts';
