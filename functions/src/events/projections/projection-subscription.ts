import { MINUTE_MS } from '#kernel';
import { RetryAfterError } from '#outbox';
import type { TransactSubscription } from '../bus/subscription.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { DomainEvent } from '../event.ts';
import { applyLive } from './apply-live.ts';
import type { Projection } from './projection.ts';
import { ProjectionGapError } from './projection-gap-error.ts';

/** Others may close the gap, or code that bears it; the job waits for that without spending its attempts. */
const GAP_WAIT_MS = 5 * MINUTE_MS;

/** The subscription that keeps a read model up to date. */
export function projectionSubscription(
  catalog: Pick<Catalog, 'decode'>,
  projection: Projection,
): TransactSubscription<DomainEvent> {
  return {
    id: projection.id,
    kind: 'transactional',
    transact: async (event, transaction) => {
      try {
        await applyLive(transaction, { catalog, projection }, event);
      } catch (error) {
        if (!(error instanceof ProjectionGapError)) throw error;
        throw new RetryAfterError(GAP_WAIT_MS, error.message, { cause: error });
      }
      return [];
    },
  };
}
