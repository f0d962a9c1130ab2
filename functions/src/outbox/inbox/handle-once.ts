import type { DocumentTransaction } from '#kernel';
import { DAY_MS, hashParts, SERVER_TIME } from '#kernel';

/** How long it is remembered that an event was handled; as long as events stay in the hot store. */
export const KEEP_HANDLED_MS = 90 * DAY_MS;

/** Who handles what: two subscriptions may each handle one event. */
export interface Handling {
  readonly subscription: string;
  readonly eventId: string;
}

/** How a handling ended; `handled-before` did nothing. */
export type HandleResult<T> =
  | { readonly kind: 'handled'; readonly result: T }
  | { readonly kind: 'handled-before' };

/**
 * The inbox, for consumers that have Firestore effects of their own: `work` and the note that it was done
 * are one transaction, so it is done once by (subscription, event), however often the event arrives.
 * Not promised: anything about effects outside `tx`, and nothing after 90 days.
 */
export async function handleOnce<T>(
  tx: DocumentTransaction,
  { subscription, eventId }: Handling,
  work: (tx: DocumentTransaction) => Promise<T>,
): Promise<HandleResult<T>> {
  const path = `inbox/${hashParts(subscription, eventId).slice(0, 40)}`;
  const note = await tx.get(path);
  if (note.data !== undefined) return { kind: 'handled-before' };
  const result = await work(tx);
  const expireAt = new Date(note.readAtMs + KEEP_HANDLED_MS);
  tx.create(path, { subscription, eventId, handledAt: SERVER_TIME, expireAt });
  return { kind: 'handled', result };
}
