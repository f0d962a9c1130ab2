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
