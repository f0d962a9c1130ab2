import { DAY_MS } from '#kernel';
import type { Removal } from '../model/move.ts';
import { decodeJob } from '../record/job-codec.ts';
import type { RawRow } from '../store.ts';

/** What is to become of a row that is closed, or why it stays. */
export type PurgePlan =
  | { readonly kind: 'planned'; readonly removal: Removal }
  /** Somebody wrote it since, or nobody knows when. */
  | { readonly kind: 'too-young' }
  /** It keeps those behind it waiting. */
  | { readonly kind: 'in-a-line' }
  /** It is no dead letter and was not taken out, or is no job that repair has parked. */
  | { readonly kind: 'not-closed' };

/**
 * Decides whether a row may be deleted: a dead letter, or one that was taken out, that nobody has written since
 * `keepDays` before `nowMs`. Whoever is sent round again meanwhile is no longer as its fence says, and stays.
 */
export function planPurge(
  { id, data, fence }: RawRow,
  { nowMs, keepDays }: { readonly nowMs: number; readonly keepDays: number },
): PurgePlan {
  const { status, orderingKey, updatedAt } = data;
  const isClosed =
    // One that is no job was parked as a dead letter, or still has to be.
    status === 'failed' ? 'failure' in data : status === 'cancelled' && isJob(id, data);
  if (!isClosed) return { kind: 'not-closed' };
  if (orderingKey !== undefined) return { kind: 'in-a-line' };
  const writtenAtMs = millisOf(updatedAt);
  if (writtenAtMs === undefined || writtenAtMs > nowMs - keepDays * DAY_MS) {
    return { kind: 'too-young' };
  }
  return { kind: 'planned', removal: { id, fence } };
}

function isJob(id: string, data: RawRow['data']): boolean {
  return decodeJob(id, data).kind === 'job';
}

/** Firestore's times and, in memory, dates. */
function millisOf(value: unknown): number | undefined {
  if (value instanceof Date) return value.getTime();
  const isTime = typeof value === 'object' && value !== null && 'toMillis' in value;
  return isTime ? (value as { toMillis(): number }).toMillis() : undefined;
}
