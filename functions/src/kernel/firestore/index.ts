export { addWrite } from './add-write.ts';
export { ALREADY_EXISTS, FAILED_PRECONDITION, grpcCode, NOT_FOUND } from './grpc-code.ts';
export { buildQuery } from './query.ts';
export { createDocumentReader } from './reader.ts';
export { createRunTransaction } from './transaction.ts';
export { millisOf, timestampOf, toFirestore } from './values.ts';
