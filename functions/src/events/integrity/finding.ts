/** What can be wrong with a tenant's log, and what to do about each. */
export const WHAT_TO_DO = {
  'not-an-event':
    'Nothing here writes such a document: find out who did. Restore the event from a backup, or delete what never was one.',
  'wrong-id':
    'It is a copy, or was edited: compare it with the event at its own id, keep that one and delete this.',
  duplicate:
    'If it happened once, give its emit an idempotencyKey, and undo what the second one did. If it happened twice, nothing is wrong.',
  'version-gap':
    'Restore the missing events from a backup. Until then the entity cannot be loaded.',
  'time-order':
    'A few milliseconds come from the database’s own clocks. More: compare the event with a backup.',
  'content-hash': 'The event was changed after it was written: restore it from a backup.',
  'hash-chain':
    'This event or the one before it was replaced: compare both with a backup. Until then the entity cannot be loaded.',
  'stream-head':
    'The head, or the last events, were changed by hand or restored alone: restore both to the same moment.',
  schema:
    'The event was changed by hand, or its type changed without a new version and an upcaster.',
  'unknown-type':
    'Newer code wrote it: verify with that code. Else its type was taken out of the catalog: put it back.',
  'missing-job': 'A reaction never ran: replay the event for the job types that are named.',
} as const;

/** A kind of thing that can be wrong. */
export type FindingKind = keyof typeof WHAT_TO_DO;

/** Something that is wrong with one event; it says nothing of what the event says. */
export interface Finding {
  readonly kind: FindingKind;
  /** The event's id; of a gap the first missing one's. */
  readonly eventId: string;
  readonly expected: string;
  readonly found: string;
  readonly whatToDo: string;
}

export function finding(
  kind: FindingKind,
  eventId: string,
  said: { readonly expected: string; readonly found: string },
): Finding {
  return { kind, eventId, ...said, whatToDo: WHAT_TO_DO[kind] };
}
