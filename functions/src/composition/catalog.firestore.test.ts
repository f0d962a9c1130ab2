import { beforeEach, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import type { DomainEvent } from '#events';
import { decodeEvent } from '#events';
import { createEventLoader, createFirestoreEmit } from '#events/firestore';
import { systemIds } from '#kernel';
import { contentHash } from '../events/emit/content-hash.ts';
import { NO_CUSTOM_TYPES } from '../events/testing/custom-types.ts';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import type { AnyEvent } from './catalog.ts';
import { catalog } from './catalog.ts';
import { allEvents } from './testing/all-events.ts';

const firestore = getFirestore(initializeApp());
const emit = createFirestoreEmit<AnyEvent>(firestore, {
  catalog,
  customTypes: NO_CUSTOM_TYPES,
  jobsFor: () => [],
  slots: { normal: 8, bulk: 4 },
  ids: systemIds,
  logger: { write: () => {} },
  sourceService: 'tests',
});

beforeEach(() => clearFirestore(firestore));

/** An event under its name, or an alias of it, with some or all of the fields of its example. */
const anyEvent = fc
  .tuple(fc.constantFrom(...allEvents), fc.nat(), fc.array(fc.boolean()))
  .map(([definition, pick, left]) => {
    const { type, aliases = [], example, payload: schema } = definition;
    const names = [type, ...aliases];
    const kept = Object.entries(example).filter((_, index) => left[index] !== true);
    const some = Object.fromEntries(kept);
    const payload: unknown = schema.safeParse(some).success ? some : example;
    return { type, name: names[pick % names.length]!, payload };
  });

async function storedAndLoaded(
  name: string,
  payload: unknown,
): Promise<[DomainEvent, DomainEvent]> {
  const input = {
    orgId: 'org1',
    eventType: name,
    entityType: 'thing',
    entityId: 'thing1',
    actor: { actorType: 'system', actorId: 'tests' },
    payload,
  };
  const { eventId } = await emit(input as Parameters<typeof emit>[0]);
  const stored = decodeEvent((await firestore.doc(`domain_events/${eventId}`).get()).data());
  const loaded = await createEventLoader(firestore, catalog)(eventId);
  if (stored === undefined || loaded === undefined) throw new Error(`${name} was not stored.`);
  return [stored, loaded];
}

test.each(allEvents)(
  'the example of $type is stored and read back as it is',
  async (definition) => {
    const { type, version, example } = definition;
    const [stored, loaded] = await storedAndLoaded(type, example);
    expect(stored).toMatchObject({ eventType: type, schemaVersion: version, payload: example });
    expect(contentHash(stored)).toBe(stored.contentHash);
    expect(loaded).toEqual(stored);
  },
);

test('any event, under any of its names, is stored under its type and keeps its hash', async () => {
  await fc.assert(
    fc.asyncProperty(anyEvent, async ({ type, name, payload }) => {
      const [stored, loaded] = await storedAndLoaded(name, payload);
      expect(stored).toMatchObject({ eventType: type, payload });
      expect(contentHash(stored)).toBe(stored.contentHash);
      expect(loaded).toEqual(stored);
    }),
    { numRuns: 200 },
  );
}, 30_000);
