import { onDocumentCreated } from 'firebase-functions/firestore';
import {
  catalog,
  decodeEvent,
  getBackend,
  jobIdsOf,
  runJobsNow,
  TRIGGER_TIMEOUT_SECONDS,
} from '../composition/index.ts';
import { DEPLOYMENT } from './deployment.ts';
import { openInvocation } from './invocation.ts';
import { logs } from './logs.ts';

/**
 * The fast path: runs an event's jobs as soon as it is written. Only an accelerator, hence no retry:
 * whatever it misses, the tick finds.
 */
export const onDomainEventCreated = onDocumentCreated(
  {
    ...DEPLOYMENT,
    document: 'domain_events/{eventId}',
    retry: false,
    concurrency: 10,
    timeoutSeconds: TRIGGER_TIMEOUT_SECONDS,
  },
  async ({ data, params: { eventId } }) => {
    if (isSwitchedOff()) return;
    let correlationId: string | undefined;
    try {
      const event = decodeEvent(data?.data());
      if (event === undefined || event.jobTypes.length === 0) return;
      ({ correlationId } = event.metadata);
      // Newer code wrote it, during a rollout: what it says, this code cannot tell.
      if (!catalog.knows(event)) return;
      const worker = openInvocation('trigger', TRIGGER_TIMEOUT_SECONDS * 1_000, event);
      await runJobsNow(worker, jobIdsOf(event.orgId, event.eventId, event.jobTypes));
      await getBackend().metrics.writeDue();
    } catch (error) {
      logs.fastPathFailed({ eventId, correlationId }, error);
    }
  },
);

/** The local stack's `--no-trigger`, to see the tick carry everything alone. */
function isSwitchedOff(): boolean {
  return process.env['FUNCTIONS_EMULATOR'] === 'true' && process.env['OUTBOX_TRIGGER'] === 'off';
}
