import { describe, expect, test } from '@jest/globals';
import type { DocumentData } from '#kernel';
import { SERVER_TIME } from '#kernel';
import { streamHash } from '../streams/stream.ts';
import { aNote } from '../testing/an-event.ts';
import { codedErrorOf, pathsOf } from '../testing/failure.ts';
import { aPlanContext } from '../testing/plan-context.ts';
import { chainHash } from './content-hash.ts';
import { encodedBytes } from './encoded-size.ts';
import type { EventInput } from './event-input.ts';
import type { Appending, PlanContext, PlannedEvent } from './plan-event.ts';
import { planEvent } from './plan-event.ts';

function plan(said: Partial<EventInput> = {}, context: Partial<PlanContext> = {}): PlannedEvent {
  return planEvent({ ...aPlanContext(), ...context }, aNote(said), 'token1', undefined);
}

function planAppend(expectedVersion: number | 'any', head: Appending['head']): PlannedEvent {
  const appending = { position: { expectedVersion }, head };
  return planEvent(aPlanContext(), aNote(), 'token1', appending);
}

function documentsOf(planned: PlannedEvent): { path: string; data: DocumentData }[] {
  return planned.writes.map((write) => {
    if (write.kind !== 'create') throw new Error('An event only ever creates.');
    return { path: write.path, data: write.data };
  });
}

function eventOf(planned: PlannedEvent): DocumentData {
  return documentsOf(planned)[0]!.data;
}

describe('an event’s id', () => {
  test('is a new random one, which says nothing of its time', () => {
    expect(plan().eventId).toBe('id-2');
    expect(plan({}, { ids: aPlanContext('other').ids }).eventId).toBe('other-2');
  });

  test('with a key is the hash of org, source and key, and nothing else', () => {
    const id = plan({ idempotencyKey: 'k' }).eventId;
    expect(id).toBe('d9149124838259eded36c12fa864a02f6bc939b0');
    expect(plan({ idempotencyKey: 'k', payload: { any: 7 }, entityId: 'other' }).eventId).toBe(id);
    const others: Partial<EventInput>[] = [
      { idempotencyKey: 'k2' },
      { idempotencyKey: 'k', orgId: 'org2' },
      { idempotencyKey: 'k', metadata: { sourceService: 'shop' } },
    ];
    for (const said of others) expect(plan(said).eventId).not.toBe(id);
  });

  test('in a stream is the stream’s hash and the version in nine digits', () => {
    const planned = planAppend('any', { version: 41, hash: 'h', by: 'other' });
    expect(planned.eventId).toMatch(/^[0-9a-f]{20}-000000042$/);
  });
});

describe('an event whose jobs are to wait', () => {
  const notBefore = new Date('2030-01-01T12:00:00Z');
  const jobsOf = (planned: PlannedEvent) => documentsOf(planned).slice(1);

  test('has jobs that are due then, and whose age counts from then', () => {
    const jobs = jobsOf(plan({ notBefore }));
    expect(jobs).toHaveLength(2);
    for (const { data } of jobs) {
      expect(data).toMatchObject({ nextAttemptAt: notBefore, openedAt: notBefore });
      expect(data['createdAt']).toBe(SERVER_TIME);
    }
  });

  test('or must not hold up others has them in bulk slots', () => {
    for (const { data } of jobsOf(plan())) expect(data['slot']).toBeLessThan(1_000);
    for (const { data } of jobsOf(plan({ priority: 'bulk' }))) {
      expect(data['slot']).toBeGreaterThanOrEqual(1_000);
    }
  });

  test('is itself no other event', () => {
    const said = { idempotencyKey: 'k' };
    expect(eventOf(plan({ ...said, notBefore, priority: 'bulk' }))).toEqual(eventOf(plan(said)));
  });

  test('is refused with a time that cannot be stored', async () => {
    const late = new Date(253_402_300_800_000);
    expect(await pathsOf(() => plan({ notBefore: late }))).toEqual(['notBefore']);
  });
});

describe('an event’s document', () => {
  test('has exactly the fields of the contract, and no optional one that was not said', () => {
    const planned = plan();
    expect(documentsOf(planned)[0]!.path).toBe(`domain_events/${planned.eventId}`);
    expect(eventOf(planned)).toEqual({
      eventId: planned.eventId,
      orgId: 'org1',
      eventType: 'note.added',
      schemaVersion: 1,
      entityType: 'note',
      entityId: 'note1',
      actor: { actorType: 'user', actorId: 'uid1' },
      payload: { text: 'Hello', any: null },
      related: ['note:note1'],
      jobTypes: ['notif', 'audit'],
      timestamp: SERVER_TIME,
      metadata: { correlationId: 'id-1', sourceService: 'tests' },
      contentHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      by: 'token1',
    });
    expect(Object.keys(eventOf(planned))).not.toContain('matterId');
  });

  test('has all that was said', () => {
    const occurredAt = new Date(0);
    const metadata = {
      correlationId: 'c1',
      causationId: 'e0',
      sourceService: 'shop',
      ipAddress: '::1',
      userAgent: 'curl',
      traceparent: '00-1-2-01',
      custom: { a: { b: 1 } },
    };
    const said = { matterId: 'm1', related: ['order:o1'], occurredAt, metadata };
    expect(eventOf(plan(said))).toMatchObject({
      matterId: 'm1',
      occurredAt,
      metadata,
      related: ['note:note1', 'matter:m1', 'order:o1'],
    });
  });

  test('has custom metadata of 16 KB, by its encoding, and not a byte more', async () => {
    // The field: a tag and a length for the entry, the name and the value; the text's own tag and length.
    const around = encodedBytes({ text: 'x'.repeat(16_000) }) - 16_000;
    const custom = (bytes: number) => ({
      metadata: { custom: { text: 'x'.repeat(bytes - around) } },
    });
    expect(() => plan(custom(16 * 1024))).not.toThrow();
    const act = () => plan(custom(16 * 1024 + 1));
    expect(await pathsOf(act)).toEqual(['metadata.custom']);
    expect((await codedErrorOf(act)).message).toContain('16385 bytes, at most 16384');
  });

  test('leaves out what was said to be undefined', () => {
    const metadata = { correlationId: 'c1', ipAddress: undefined };
    const planned = plan({ matterId: undefined, metadata } as unknown as EventInput);
    expect(Object.keys(eventOf(planned))).not.toContain('matterId');
    expect(Object.keys(eventOf(planned)['metadata'] as object)).not.toContain('ipAddress');
  });

  test('takes nothing of the actor but who it is', () => {
    const actor = { actorType: 'user', actorId: 'uid1', email: 'a@b.c' } as const;
    expect(eventOf(plan({ actor }))['actor']).toEqual({ actorType: 'user', actorId: 'uid1' });
  });

  test('in a stream has its version, the hash before it, and moves the head', () => {
    const head = { version: 4, hash: 'before', by: 'other', archivedThrough: 2 };
    const planned = planAppend(4, head);
    expect(eventOf(planned)).toMatchObject({ streamVersion: 5, previousHash: 'before' });
    expect(planned.head).toEqual({
      version: 5,
      by: 'token1',
      archivedThrough: 2,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(plan().head).toBeUndefined();
  });

  test('first in a stream has no hash before it, and the chain starts from the empty text', () => {
    const planned = planAppend(0, { version: 0, hash: '', by: '' });
    expect(eventOf(planned)).toMatchObject({ streamVersion: 1 });
    expect(Object.keys(eventOf(planned))).not.toContain('previousHash');
    const content = String(eventOf(planned)['contentHash']);
    expect(planned.head?.hash).toBe(chainHash('', 1, content));
  });
});

describe('an event’s jobs', () => {
  test('are one per subscription, named by it, with exactly the fields of the contract', () => {
    const planned = plan({ metadata: { correlationId: 'c1', traceparent: '00-1-2-01' } });
    const { eventId } = planned;
    const id = `notif:org1:${eventId}`;
    expect(planned.jobIds).toEqual([id, `audit:org1:${eventId}`]);
    const [, notif, audit] = documentsOf(planned);
    expect(notif).toEqual({
      path: `outbox/${id}`,
      data: {
        id,
        orgId: 'org1',
        eventId,
        eventType: 'note.added',
        jobType: 'notif',
        status: 'pending',
        slot: expect.any(Number),
        maxAttempts: 5,
        history: [],
        attempts: 0,
        crashes: 0,
        runs: 0,
        redrives: 0,
        openedAt: SERVER_TIME,
        nextAttemptAt: SERVER_TIME,
        createdAt: SERVER_TIME,
        updatedAt: SERVER_TIME,
        metadata: {
          correlationId: 'c1',
          traceparent: '00-1-2-01',
        },
      },
    });
    expect(audit!.data).toMatchObject({ jobType: 'audit', maxAttempts: 3 });
  });

  test('of an ordered subscription have their event’s place in its stream, where it is in one', () => {
    const [, notif, audit] = planAppend(2, { version: 2, hash: 'h', by: 'b' }).writes;
    expect(notif).not.toHaveProperty('data.orderingKey');
    expect(audit).toMatchObject({
      data: { orderingKey: `audit:${streamHash(aNote())}`, sequence: 3 },
    });
    const [, , plain] = plan({}).writes;
    expect(plain).not.toHaveProperty('data.orderingKey');
  });

  test('are none where nobody subscribes', () => {
    const planned = plan({}, { jobsFor: () => [] });
    expect(planned.jobIds).toEqual([]);
    expect(eventOf(planned)['jobTypes']).toEqual([]);
    expect(planned.writes).toHaveLength(1);
  });
});

describe('refused before anything is written', () => {
  test('a wrong field, an unknown type and a wrong payload, each by its path', async () => {
    expect(await pathsOf(() => plan({ orgId: '' }))).toEqual(['orgId']);
    expect(await pathsOf(() => plan({ eventType: 'note.lost' }))).toEqual(['eventType']);
    expect(await pathsOf(() => plan({ payload: { text: 7 } }))).toEqual(['payload.text']);
  });

  test('what a schema lets through but Firestore cannot keep', async () => {
    const payload = { any: { list: [Number.NaN], text: '\uD800' } };
    const custom = { a: undefined };
    const act = () => plan({ payload, metadata: { custom } });
    expect((await codedErrorOf(act)).code).toBe('invalid-event');
    expect(await pathsOf(act)).toEqual([
      'payload.any.list.0',
      'payload.any.text',
      'metadata.custom.a',
    ]);
    expect(await pathsOf(() => plan({ occurredAt: new Date(8.64e15) }))).toEqual(['occurredAt']);
  });

  test('an event over 256 KiB, with its size', async () => {
    const limit = 256 * 1024;
    const half = limit / 2;
    const besides = plan({ payload: { text: 'x'.repeat(half) } }).bytes - half;
    const exact = { text: 'x'.repeat(limit - besides) };
    expect(plan({ payload: exact }).bytes).toBe(limit);
    const error = await codedErrorOf(() => plan({ payload: { text: `${exact.text}x` } }));
    expect(error.code).toBe('payload-too-large');
    expect(error.message).toContain(`${limit + 1} bytes, at most ${limit}`);
  });

  test('an event that expects another version of its stream', async () => {
    const error = await codedErrorOf(() => planAppend(3, { version: 4, hash: 'h', by: 'other' }));
    expect(error).toMatchObject({ code: 'stream-conflict', actualVersion: 4 });
  });
});
