/**
 * What the engine bills Firestore for, in documents. Measured, not estimated: `npm run bench` judges these numbers, and
 * `functions/src/composition/measured-operations.firestore.test.ts` fails where one of them is no longer so.
 */
export const OPERATIONS = {
  /** An event with one subscription: the event and its job. */
  emit: { reads: 0, writes: 2 },
  /** A `notif` job with one recipient: the row and who is told; settle, notification, e-mail job, its settle. */
  fastPath: { reads: 2, writes: 4 },
  /** An external job of a sweep: its row; claim and settle. A retry is one. */
  sweptJob: { reads: 1, writes: 2 },
  /** A tick that finds nothing. */
  idleTick: { reads: 3, writes: 0 },
} as const;

/** Milliseconds of a core for one job of an empty handler: measured, see docs/how-to/measure.md. */
export const CPU_MS_PER_JOB = 0.52;
