import { getBackend } from '../../functions/src/composition/backend.ts';
import { DELETE_FIELD, SERVER_TIME } from '../../functions/src/kernel/index.ts';
import { toFirestore } from '../../functions/src/kernel/firestore/index.ts';

/** The backend as it is deployed, with its own logger: what a log line costs is part of what is measured. */
export const backend = getBackend();
export const { firestore } = backend;

/** Firestore's own sentinels, for the raw calls. */
export const { serverTime, deleted } = toFirestore({
  serverTime: SERVER_TIME,
  deleted: DELETE_FIELD,
}) as { readonly serverTime: Date; readonly deleted: undefined };
