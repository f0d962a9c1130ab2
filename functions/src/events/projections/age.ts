import type { DocumentTransaction } from '#kernel';
import { DAY_MS } from '#kernel';
import { KEEP_HANDLED_MS, PermanentError } from '#outbox';
import { isTimestamp } from '../emit/stored-value.ts';
import type { DomainEvent } from '../event.ts';
import { DOMAIN_EVENTS } from '../event.ts';
import type { Projection } from './projection.ts';

/** How old an event is, by the server's clock, in milliseconds since the epoch. */
export interface Age {
  /** Undefined where nobody knows: then the log is asked. */
  readonly recordedAtMs: number | undefined;
  readonly nowMs: number;
}

/**
 * Throws `PermanentError` for an event that is older than markers are kept: whoever finds none does not know
 * whether there was one.
 */
export async function refuseForgotten(
  tx: DocumentTransaction,
  { id }: Projection,
  { eventId }: DomainEvent,
  { recordedAtMs, nowMs }: Age,
): Promise<void> {
  const atMs = recordedAtMs ?? (await readRecordedAt(tx, eventId));
  if (nowMs - atMs < KEEP_HANDLED_MS) return;
  const message =
    `${id} may have event ${eventId} already: which ones it has is remembered for ` +
    `${KEEP_HANDLED_MS / DAY_MS} days. Rebuild it instead, and cancel this job.`;
  throw new PermanentError(message, { code: 'event-too-old' });
}

/** What is not in the log any more is older than all that is. */
async function readRecordedAt(tx: DocumentTransaction, eventId: string): Promise<number> {
  const at: unknown = (await tx.get(`${DOMAIN_EVENTS}/${eventId}`)).data?.['timestamp'];
  return typeof at === 'object' && at !== null && isTimestamp(at) ? at.toMillis() : -Infinity;
}
