import { readTenantDocuments } from './firestore-reader.ts';
import type { PlainDocument } from './firestore-values.ts';
import type { StackAddress } from './stack.ts';

export interface EventRecord {
  readonly eventId: string;
  readonly eventType: string;
  readonly actorId: string;
  /** The jobs that were written with it. */
  readonly jobTypes: readonly string[];
  readonly timestampMs: number;
}

export interface JobRecord {
  readonly id: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly jobType: string;
  readonly recipientUid?: string | undefined;
  readonly status: string;
  readonly attempts: number;
  readonly createdAtMs: number;
  readonly sentAtMs?: number | undefined;
  readonly lastErrorCode?: string | undefined;
}

export interface NotificationRecord {
  readonly eventType: string;
  readonly recipientUid: string;
}

/** What one tenant's commands have led to so far. */
export interface Deliveries {
  readonly events: readonly EventRecord[];
  readonly jobs: readonly JobRecord[];
  readonly notifications: readonly NotificationRecord[];
}

export async function readDeliveries(stack: StackAddress, orgId: string): Promise<Deliveries> {
  const [events, jobs, notifications] = await Promise.all(
    ['domain_events', 'outbox', 'notifications'].map((name) =>
      readTenantDocuments(stack, name, orgId),
    ),
  );
  return {
    events: (events ?? []).map(toEvent).toSorted((a, b) => a.timestampMs - b.timestampMs),
    jobs: (jobs ?? []).map(toJob).toSorted((a, b) => a.createdAtMs - b.createdAtMs),
    notifications: (notifications ?? []).map((document) => ({
      eventType: String(document['eventType']),
      recipientUid: String(document['recipientUid']),
    })),
  };
}

function toEvent(document: PlainDocument): EventRecord {
  const actor = document['actor'] as { actorId?: string } | undefined;
  return {
    eventId: String(document['eventId']),
    eventType: String(document['eventType']),
    actorId: actor?.actorId ?? '',
    jobTypes: (document['jobTypes'] as string[] | undefined) ?? [],
    timestampMs: Number(document['timestamp']),
  };
}

function toJob(document: PlainDocument): JobRecord {
  const lastError = document['lastError'] as { code?: string } | undefined;
  return {
    id: String(document['id']),
    eventId: String(document['eventId']),
    eventType: String(document['eventType']),
    jobType: String(document['jobType']),
    recipientUid: document['recipientUid'] as string | undefined,
    status: String(document['status']),
    attempts: Number(document['attempts']),
    createdAtMs: Number(document['createdAt']),
    sentAtMs: document['sentAt'] as number | undefined,
    lastErrorCode: lastError?.code,
  };
}
