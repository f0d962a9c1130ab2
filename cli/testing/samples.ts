import type { components } from '../api/contract.ts';
import type { Event } from '../events/show-event.ts';
import type { Job } from '../jobs/job.ts';
import type { Operation } from '../operations/operation.ts';

const AT = '2030-01-01T00:00:00.000Z';

export function sampleOperation(fields: Partial<Operation> = {}): Operation {
  return {
    id: 'op1',
    kind: 'redrive',
    params: { jobType: 'email' },
    dryRun: false,
    by: 'ada',
    reason: 'It is back.',
    correlationId: 'cor1',
    state: 'running',
    wanted: 'running',
    seen: 0,
    done: 0,
    skipped: {},
    findings: [],
    found: {},
    maxRows: 1000,
    rowsPerSecond: 200,
    reads: 3,
    writes: 4,
    startedAt: AT,
    updatedAt: AT,
    ...fields,
  };
}

export function sampleJob(fields: Partial<Job> = {}): Job {
  return {
    id: 'email:org1:evt1:ben',
    jobType: 'email',
    status: 'failed',
    attempts: 5,
    maxAttempts: 5,
    redrives: 0,
    failure: { reason: 'attempts-spent', at: AT },
    lastError: { code: 'unavailable', message: 'The provider is down.', at: AT },
    orgId: 'org1',
    eventId: 'evt1',
    correlationId: 'cor1',
    createdAt: AT,
    openedAt: AT,
    runs: 5,
    crashes: 0,
    ...fields,
  };
}

export function sampleEvent(fields: Partial<Event> = {}): Event {
  return {
    eventId: 'evt1',
    orgId: 'org1',
    eventType: 'comment.added',
    schemaVersion: 1,
    entityType: 'comment',
    entityId: 'c1',
    actor: { actorType: 'user', actorId: 'ada' },
    payload: { body: 'Hello' },
    related: ['comment:c1'],
    jobTypes: ['notif'],
    recordedAt: AT,
    metadata: { correlationId: 'cor1', sourceService: 'app' },
    contentHash: 'a'.repeat(64),
    ...fields,
  };
}

/** An event with what came of it. */
export function sampleNode(
  fields: Partial<Event>,
  ...effects: components['schemas']['CausationNode'][]
): components['schemas']['CausationNode'] {
  return { event: sampleEvent(fields), causeMissing: false, causesItself: false, effects };
}
