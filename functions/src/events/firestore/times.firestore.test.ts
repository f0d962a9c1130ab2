import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Timestamp } from 'firebase-admin/firestore';
import { onDocumentCreated } from 'firebase-functions/firestore';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { contentHash } from '../emit/content-hash.ts';
import { decodeEvent } from '../emit/event-document.ts';
import type { EventInput } from '../emit/event-input.ts';
import type { DomainEvent } from '../event.ts';
import { aNote } from '../testing/an-event.ts';
import { testCatalog } from '../testing/catalog.ts';
import { encodeCreation } from '../testing/document-encoding.ts';
import { codedErrorOf } from '../testing/failure.ts';
import { emit, firestore, read } from '../testing/firestore-log.ts';
import { storable } from '../testing/storable.ts';
import { createEventLoader } from './event-log.ts';

const at = new Date('2030-01-01T12:34:56.789Z');
const times = { at, list: [at, { early: new Date(-1), first: new Date(-62_135_596_800_000) }] };

beforeEach(() => clearFirestore(firestore));

async function loaded(eventId: string): Promise<DomainEvent | undefined> {
  return createEventLoader(firestore, testCatalog)(eventId);
}

let triggered: DomainEvent | undefined;
const trigger = onDocumentCreated('domain_events/{eventId}', ({ data }) => {
  triggered = decodeEvent(data?.data());
});
afterEach(() => (triggered = undefined));

/** The event as the trigger decodes it from what it is called with. */
async function announced(eventId: string): Promise<DomainEvent | undefined> {
  const project = process.env['GCLOUD_PROJECT'] ?? '';
  const document = `domain_events/${eventId}`;
  const name = `projects/${project}/databases/(default)/documents/${document}`;
  const call = {
    specversion: '1.0',
    id: 'call1',
    source: '//firestore.googleapis.com',
    type: 'google.cloud.firestore.document.v1.created',
    time: at.toISOString(),
    project,
    database: '(default)',
    namespace: '(default)',
    document,
    datacontenttype: 'application/protobuf',
    data: encodeCreation(firestore, name, await read(document)),
  };
  await trigger(call as unknown as Parameters<typeof trigger>[0]);
  return triggered;
}

const ways = [
  ['loaded', loaded],
  ['announced to the trigger', announced],
] as const;

describe.each(ways)('an event that is %s', (_, receive) => {
  test('has the times that were emitted, as Dates', async () => {
    const metadata = { custom: times };
    const said = { payload: { any: times }, metadata, occurredAt: at };
    const event = await receive((await emit(aNote(said))).eventId);
    expect(event?.payload).toStrictEqual({ any: times });
    expect(event?.metadata.custom).toStrictEqual(times);
    expect(event?.occurredAt).toStrictEqual(at);
  });

  test('is what the schema of its type says', async () => {
    const payload = { startsAt: at, breaks: [{ at }] };
    const planned: Partial<EventInput> = { eventType: 'day.planned', payload };
    const event = await receive((await emit(aNote(planned))).eventId);
    expect(testCatalog.parse('day.planned', event?.payload).payload).toStrictEqual(payload);
  });

  test('says what was emitted and has its hash, whatever that was', async () => {
    await fc.assert(
      fc.asyncProperty(storable, async (any) => {
        const { eventId } = await emit(aNote({ payload: { any } }));
        const event = (await receive(eventId))!;
        expect(isDeepStrictEqual(event.payload, { any })).toBe(true);
        expect(contentHash(event)).toBe(event.contentHash);
      }),
      { numRuns: 100 },
    );
  });
});

test.each<[string, Partial<EventInput>]>([
  ['payload.any.0.at', { payload: { any: [{ at: Timestamp.fromMillis(1) }] } }],
  ['metadata.custom.at', { metadata: { custom: { at: Timestamp.now() } } }],
  ['occurredAt', { occurredAt: Timestamp.now() as unknown as Date }],
])('a Timestamp of Firestore is refused at %s', async (path, said) => {
  const error = await codedErrorOf(() => emit(aNote(said)));
  expect(error).toMatchObject({ code: 'invalid-event', problems: [{ path }] });
  expect(error.message).toMatch(/date/i);
});
