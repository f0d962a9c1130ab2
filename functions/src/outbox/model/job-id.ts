import { createHash } from 'node:crypto';

/** What a job's id is made of. `recipient` is a uid or `contact-<clientId>`. */
export interface JobIdParts {
  readonly jobType: string;
  readonly orgId: string;
  /** The event's id; for operations and digests their own. */
  readonly causeId: string;
  readonly recipient?: string | undefined;
}

/** The job's document id, which is its idempotency key: `<jobType>:<orgId>:<causeId>[:<recipient>]`. */
export function jobId({ jobType, orgId, causeId, recipient }: JobIdParts): string {
  return [jobType, orgId, causeId, ...(recipient === undefined ? [] : [recipient])].join(':');
}

/** The idempotency key of an event's notification job: `notif:<orgId>:<eventId>`. */
export function outboxIdempotencyKeyForEvent(orgId: string, eventId: string): string {
  return jobId({ jobType: 'notif', orgId, causeId: eventId });
}

/** How many slots spread the due-index; bulk slots are numbered from `BULK_SLOT_BASE`. */
export interface SlotCounts {
  readonly normal: number;
  readonly bulk: number;
}

/** Number of the first bulk slot. */
const BULK_SLOT_BASE = 1_000;

/** The normal slot of a job: a hash of its id, so that a rising due time does not heat one index range. */
export function slotOf(id: string, slots: SlotCounts): number {
  return createHash('sha256').update(id).digest().readUInt32BE(0) % slots.normal;
}

/** The numbers of all normal, or all bulk, slots. */
export function slotNumbers(slots: SlotCounts, kind: keyof SlotCounts): number[] {
  const first = kind === 'normal' ? 0 : BULK_SLOT_BASE;
  return Array.from({ length: slots[kind] }, (_, index) => first + index);
}
