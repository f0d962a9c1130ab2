import type { DocumentData } from '#kernel';
import type { OutboxJob } from '#outbox';
import { planEvent } from '../../events/emit/plan-event.ts';
import { aNote } from '../../events/testing/an-event.ts';
import { encodeSnapshot } from '../../events/snapshots/snapshot.ts';
import { aPlanContext } from '../../events/testing/plan-context.ts';
import { encodeJob } from '../../outbox/record/job-document.ts';
import { aJob } from '../../outbox/testing/factories.ts';

const TIME = 1_893_456_000_000;
const HEAD = { version: 1, hash: 'before', by: '' };

/** An event's document with every field that one can have. */
export function fullEvent(): DocumentData {
  const input = aNote({
    matterId: 'matter1',
    occurredAt: new Date(TIME),
    requestHash: 'hash',
    stream: { expectedVersion: 1 },
  });
  const appending = { position: { expectedVersion: 1 }, head: HEAD };
  const [write] = planEvent(aPlanContext(), input, 'token', appending).writes;
  if (write === undefined || write.kind === 'delete') throw new Error('An event is written first.');
  return { ...write.data, imported: true };
}

/** A job's document with every field that one can have; does not compile while one is missing. */
export function fullJob(): DocumentData {
  const at = TIME;
  const job: Required<OutboxJob> = {
    ...aJob(),
    eventId: 'event1',
    eventType: 'note.added',
    recipientUid: 'ada',
    runId: 'run1',
    orderingKey: 'line1',
    sequence: 1,
    heldBy: 'job1',
    blocking: true,
    pausedBy: 'jobType:mail',
    payload: {},
    lease: { expiresAt: at },
    nextAttemptAt: at,
    unroutableSince: at,
    sentAt: at,
    expireAt: at,
    failure: {
      reason: 'poison',
      at,
    },
    lastError: {
      code: 'error',
      message: 'no',
      at,
    },
  };
  return encodeJob(job);
}

/** A snapshot's document with every field that one can have. */
export function fullSnapshot(): DocumentData {
  const stream = { orgId: 'org1', entityType: 'note', entityId: 'note1' };
  const reached = { state: { notes: 1 }, version: 1, hash: 'h', recordedAtMs: TIME };
  return encodeSnapshot(stream, { name: 'note', schemaVersion: 1 }, reached);
}
