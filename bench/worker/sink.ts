import type { ExternalHandler } from '../../functions/src/outbox/index.ts';
import { DEFAULT_RETRY_POLICY } from '../../functions/src/outbox/index.ts';
import { JOB_TYPE } from './seed.ts';

/** A sink that takes everything at once. */
export const sink: ExternalHandler = {
  kind: 'external',
  jobType: JOB_TYPE,
  policy: DEFAULT_RETRY_POLICY,
  onUnknownOutcome: 'retry',
  send: () => Promise.resolve(),
};
