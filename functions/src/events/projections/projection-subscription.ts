import { MINUTE_MS } from '#kernel';
import type { NewJob, OutboxJob } from '#outbox';
import { jobId, RetryAfterError } from '#outbox';
import type { TransactSubscription } from '../bus/subscription.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { DomainEvent } from '../event.ts';
import { applyLive } from './apply-live.ts';
import type { Projection } from './projection.ts';
import { ProjectionGapError } from './projection-gap-error.ts';

/** Others may close the gap, or code that bears it; the job waits for that without spending its attempts. */
const GAP_WAIT_MS = 5 * MINUTE_MS;

/**
 * The same job once more: it goes on where this commit has got to. Its id is this commit's own: a page of an
 * earlier catch-up, which was of other documents, would stand in its way.
 */
function nextPage(
  { jobType, orgId, eventId = '', eventType, metadata, id }: OutboxJob,
  token: string,
): NewJob {
  const page = Number(/~p(\d+)-[^~]*$/.exec(id)?.[1] ?? 1) + 1;
  return { jobType, orgId, causeId: `${eventId}~p${page}-${token}`, eventId, eventType, metadata };
}

/** The event's own job was written with it; another may be of any time. */
function recordedAtOf({ orgId, eventId }: DomainEvent, job: OutboxJob): number | undefined {
  const own = jobId({ jobType: job.jobType, orgId, causeId: eventId });
  return job.id === own ? job.createdAt : undefined;
}

/** The subscription that keeps a read model up to date. */
export function projectionSubscription(
  catalog: Pick<Catalog, 'atNewest'>,
  projection: Projection,
): TransactSubscription<DomainEvent> {
  return {
    id: projection.id,
    kind: 'transactional',
    transact: async (event, transaction, job) => {
      try {
        const applying = { catalog, projection };
        const reached = await applyLive(transaction, applying, event, recordedAtOf(event, job));
        return reached === 'applied' ? [] : [nextPage(job, transaction.token)];
      } catch (error) {
        if (!(error instanceof ProjectionGapError)) throw error;
        throw new RetryAfterError(GAP_WAIT_MS, error.message, { cause: error });
      }
    },
  };
}
