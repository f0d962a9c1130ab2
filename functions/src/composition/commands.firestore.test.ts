import { beforeEach, describe, expect, test } from '@jest/globals';
import type { DomainEvent } from '#events';
import { jobId } from '#outbox';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { catalog } from './catalog.ts';
import { businessIn, effectsOf, inCollection } from './testing/effects.ts';
import { call, firestore } from './testing/backend.ts';
import type { ExpectedEvent } from './testing/command-case.ts';
import { cases, changeTable, commandTable, questionTable } from './testing/command-cases.ts';
import { jobTypesOf, TIME } from './testing/expected.ts';
import type { World } from './testing/world.ts';
import { aWorld } from './testing/world.ts';

type StoredEvent = Pick<DomainEvent, 'orgId' | 'eventId' | 'eventType' | 'metadata'>;

let world: World;

beforeEach(async () => {
  await clearFirestore(firestore);
  world = await aWorld();
});

function expectedEvent(event: ExpectedEvent, orgId: string, by: string): unknown {
  const { eventType, entityType, entityId, streamVersion, payload, matterId } = event;
  const matter = matterId === undefined ? [] : [`matter:${matterId}`];
  const hash = expect.stringMatching(/^[0-9a-f]{64}$/) as unknown;
  return {
    orgId,
    eventType,
    entityType,
    entityId,
    payload,
    schemaVersion: catalog.get(eventType)?.version,
    ...(matterId === undefined ? {} : { matterId }),
    ...(event.isTimed === undefined ? {} : { occurredAt: TIME }),
    ...(streamVersion === undefined
      ? {}
      : { streamVersion, ...(streamVersion === 1 ? {} : { previousHash: hash }) }),
    eventId: expect.any(String),
    actor: {
      actorType: 'user',
      actorId: by,
    },
    related: [...new Set([`${entityType}:${entityId}`, ...matter, ...(event.parents ?? [])])],
    jobTypes: jobTypesOf(event.eventType),
    timestamp: TIME,
    metadata: {
      correlationId: event.continues ?? `by-${by}`,
      ...(event.continues === undefined ? {} : { causationId: previousOf(event) }),
      sourceService: 'firestore-outbox',
      ipAddress: '203.0.113.7',
      userAgent: 'tests/1',
    },
    contentHash: hash,
    by: expect.any(String),
  };
}

/** The id of the event before it in its stream. */
function previousOf({ streamVersion = 0 }: ExpectedEvent): string {
  const version = String(streamVersion - 1).padStart(9, '0');
  return expect.stringMatching(`^[0-9a-f]{20}-${version}$`) as unknown as string;
}

/** The path of one of an event's jobs, and what it says. */
function expectedJob(
  { orgId, eventId, eventType, metadata }: StoredEvent,
  jobType: string,
): [string, unknown] {
  const id = jobId({ jobType, orgId, causeId: eventId });
  const job = {
    id,
    orgId,
    eventId,
    eventType,
    jobType,
    status: 'pending',
    attempts: 0,
    crashes: 0,
    runs: 0,
    redrives: 0,
    maxAttempts: 5,
    history: [],
    slot: expect.any(Number),
    metadata: { correlationId: metadata.correlationId },
    openedAt: TIME,
    nextAttemptAt: TIME,
    createdAt: TIME,
    updatedAt: TIME,
  };
  return [`outbox/${id}`, job];
}

test('every deployed command has its case', () => {
  expect(commandTable.length).toBeGreaterThan(9);
  expect(Object.keys(cases).toSorted()).toEqual(commandTable.map(([name]) => name).toSorted());
  for (const [name, command] of commandTable) expect(command.name).toBe(name);
});

test.each(questionTable)('%s answers, and writes nothing', async (_, command, theCase) => {
  const { by, input, outcome } = theCase;
  const { written, deleted, answer } = await effectsOf(() => call(command, by, input(world)));
  expect(answer).toEqual(outcome(world, answer).result);
  expect([[...written.keys()], deleted]).toEqual([[], []]);
});

describe.each(changeTable)('%s', (name, command, { by, input, outcome }) => {
  const act = () => call(command, by, input(world));

  test('answers, and writes its documents, events and jobs', async () => {
    const { written, deleted, answer } = await effectsOf(() => act());
    const expected = outcome(world, answer);
    const { result, orgId, events, documents } = expected;
    expect(answer).toEqual(result);
    expect(businessIn(written)).toEqual(documents);
    expect(deleted).toEqual(expected.deleted ?? []);

    const stored = Object.values(inCollection(written, 'domain_events')) as StoredEvent[];
    const order = events.map(({ eventType }) => eventType);
    const inOrder = stored.toSorted(
      (a, b) => order.indexOf(a.eventType) - order.indexOf(b.eventType),
    );
    expect(inOrder).toEqual(events.map((event) => expectedEvent(event, orgId, by)));
    const jobs = stored.flatMap((event) =>
      jobTypesOf(event.eventType).map((jobType) => expectedJob(event, jobType)),
    );
    expect(inCollection(written, 'outbox')).toEqual(Object.fromEntries(jobs));

    const [record, ...others] = Object.values(inCollection(written, 'commands'));
    expect(record).toMatchObject({ callerUid: by, command: name, result: answer });
    expect(others).toEqual([]);
  });

  test('writes all of it in one commit', async () => {
    const { written, deleted } = await effectsOf(() => act());
    expect(written.size + deleted.length).toBeGreaterThanOrEqual(4);
    expect(new Set([...written.values()].map(({ writtenAt }) => writtenAt)).size).toBe(1);
  });
});
