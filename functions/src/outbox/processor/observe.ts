import type { JobEnd } from '../model/job-end.ts';
import type { Worker } from './worker.ts';

/** Tells the observer, if there is one. What it throws is its own trouble: the row is written already. */
export function tell(worker: Worker, ended: () => JobEnd): void {
  try {
    worker.observe?.(ended());
  } catch (error) {
    worker.logs.observerFailed(error);
  }
}
