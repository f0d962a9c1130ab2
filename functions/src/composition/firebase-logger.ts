import { logger } from 'firebase-functions';
import type { Logger } from '#kernel';

/** Structured lines to Cloud Logging, which also ties them to the request that is being served. */
export const firebaseLogger: Logger = { write: (entry) => logger.write(entry) };
