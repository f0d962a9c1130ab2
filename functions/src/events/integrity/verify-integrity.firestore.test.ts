import { beforeEach, describe, expect, test } from '@jest/globals';
import { Timestamp } from 'firebase-admin/firestore';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { measure } from '../../kernel/testing/meter.ts';
import { pathsOf } from '../testing/failure.ts';
import { firestore } from '../testing/firestore-log.ts';
import { PlantedLog } from '../testing/planted-log.ts';
import { recordedAt } from '../testing/planned-stream.ts';
import type { Found } from '../testing/verified-log.ts';
import { createTestIntegrity, findInPages } from '../testing/verified-log.ts';
import { writeAll } from '../testing/write-all.ts';
import type { FindingKind } from './finding.ts';

const log = new PlantedLog(firestore);

const whole = createTestIntegrity(firestore, 200);

beforeEach(async () => {
  await clearFirestore(firestore);
  await log.plant();
});

/** What is found, by the kind and the event of each. */
async function found(): Promise<Found[]> {
  const { findings } = await whole.verifyIntegrity('org1');
  return findings.map(({ kind, eventId }) => [kind, eventId]);
}

describe('a log as it was written', () => {
  test('has no findings, in pages of any size', async () => {
    const report = await whole.verifyIntegrity('org1');
    expect(report).toEqual({ events: 11, jobsNotJudged: 0, findings: [], counts: {} });
    for (const size of [1, 2, 3, 5]) expect(await findInPages(firestore, size)).toEqual([]);
  });

  test('costs two reads for an event, one for a stream and one for a job', async () => {
    const billed = await measure(firestore, () => whole.verifyIntegrity('org1'));
    expect(billed).toEqual({ reads: 2 * 11 + 2 + 3 * 2, writes: 0, deletes: 0 });
  });

  test('of nobody is empty, and of no tenant refused', async () => {
    const empty = { events: 0, jobsNotJudged: 0, findings: [], counts: {} };
    expect(await whole.verifyIntegrity('org3')).toEqual(empty);
    expect(await pathsOf(() => whole.verifyIntegrity('a/b'))).toEqual(['orgId']);
  });
});

const at = (version: number) => Timestamp.fromDate(recordedAt(version));
const otherTime = new Timestamp(0, 1_001_000);

describe('what was planted is found, and nothing else:', () => {
  test.each<[FindingKind, string, string, () => Promise<unknown>]>([
    ['not-an-event', 'a field gone', 'first', () => log.event('first').update({ actor: null })],
    [
      'not-an-event',
      'an event of a stream without a time',
      log.idOf(3),
      () => log.version(3).update({ timestamp: 'noon' }),
    ],
    [
      'not-an-event',
      'an id that is none',
      'first',
      () => log.forge(log.event('first'), { entityId: 'a/b' }),
    ],
    [
      'wrong-id',
      'a copy of an event of a stream',
      'copy',
      async () => log.event('copy').set((await log.version(2).get()).data() ?? {}),
    ],
    [
      'wrong-id',
      'an event of another entity in a stream',
      log.idOf(3),
      () => log.forge(log.version(3), { entityId: 'note9' }),
    ],
    [
      'wrong-id',
      'another id in the event',
      'first',
      () => log.event('first').update({ eventId: 'other' }),
    ],
    ['duplicate', 'the same again', 'again', () => log.plain('again', { text: 'two' })],
    ['version-gap', 'an event gone', log.idOf(2), () => log.version(2).delete()],
    ['version-gap', 'the first gone', log.idOf(1), () => log.version(1).delete()],
    ['version-gap', 'the last gone', log.idOf(5), () => log.version(5).delete()],
    [
      'version-gap',
      'two gone',
      log.idOf(2),
      () => Promise.all([log.version(2).delete(), log.version(3).delete()]),
    ],
    [
      'time-order',
      'a time before the last',
      log.idOf(4),
      () => log.version(4).update({ timestamp: at(2) }),
    ],
    [
      'content-hash',
      'another payload',
      'first',
      () => log.event('first').update({ 'payload.text': 'none' }),
    ],
    [
      'content-hash',
      'a time that is a microsecond later',
      log.idOf(1),
      () => log.version(1).update({ 'payload.any.at': otherTime }),
    ],
    [
      'content-hash',
      'a value that no emit lets through',
      'first',
      () => log.event('first').update({ 'payload.any': firestore.doc('a/b') }),
    ],
    [
      'hash-chain',
      'a forged event, by the next one',
      log.idOf(3),
      () => log.forge(log.version(2), { payload: { any: 1 } }),
    ],
    [
      'stream-head',
      'a forged last event',
      log.idOf(5),
      () => log.forge(log.version(5), { payload: {} }),
    ],
    ['stream-head', 'a head gone', log.idOf(5), () => log.head.delete()],
    [
      'stream-head',
      'another hash in it',
      log.idOf(5),
      () => log.head.update({ 'stream.hash': 'x' }),
    ],
    ['stream-head', 'a head behind', log.idOf(5), () => log.head.update({ 'stream.version': 4 })],
    [
      'schema',
      'a payload that does not fit',
      'first',
      () => log.forge(log.event('first'), { payload: { text: 7 } }),
    ],
    [
      'unknown-type',
      'a type that nobody knows',
      'first',
      () => log.forge(log.event('first'), { eventType: 'of.newer.code' }),
    ],
    [
      'unknown-type',
      'a version of newer code',
      'first',
      () => log.forge(log.event('first'), { schemaVersion: 2 }),
    ],
    [
      'missing-job',
      'a job gone',
      'second',
      () => firestore.doc('outbox/audit:org1:second').delete(),
    ],
  ])('%s: %s', async (kind, _, eventId, tamper) => {
    await tamper();
    const all = await found();
    expect(all).toEqual([[kind, eventId]]);
    expect(await findInPages(firestore, 1)).toEqual(all);
  });
});

describe('an edited link is found twice, since the chain’s hash is of it too:', () => {
  test.each<[string, number, readonly Found[]]>([
    [
      'a first event’s',
      1,
      [
        ['hash-chain', log.idOf(1)],
        ['hash-chain', log.idOf(2)],
      ],
    ],
    [
      'the last event’s',
      5,
      [
        ['hash-chain', log.idOf(5)],
        ['stream-head', log.idOf(5)],
      ],
    ],
  ])('%s', async (_, version, expected) => {
    await log.version(version).update({ previousHash: 'x' });
    expect(await found()).toEqual(expected);
  });
});

describe('a finding', () => {
  test('says what was expected and found, and what to do, but nothing of what the event says', async () => {
    await Promise.all([log.version(2).delete(), log.version(3).delete()]);
    await log.forge(log.event('first'), { payload: { text: { secret: 'value' } } });
    const { findings, counts } = await whole.verifyIntegrity('org1');
    expect(counts).toEqual({ 'version-gap': 1, schema: 1 });
    expect(findings).toEqual([
      {
        kind: 'schema',
        eventId: 'first',
        expected: 'a payload of note.added version 1',
        found: expect.stringMatching(/^payload\.text: .*expected string/),
        whatToDo: expect.any(String),
      },
      {
        kind: 'version-gap',
        eventId: log.idOf(2),
        expected: 'versions 2 to 3 of the stream',
        found: 'none',
        whatToDo: expect.stringContaining('backup'),
      },
    ]);
    expect(JSON.stringify(findings)).not.toContain('secret');
  });

  test('is kept 1,000 times at most, and counted as often as there are', async () => {
    const data = { orgId: 'org1', timestamp: Timestamp.now() };
    const paths = Array.from({ length: 1_001 }, (_, n) => log.event(`bad${n}`).path);
    await writeAll(
      firestore,
      paths.map((path) => ({ kind: 'create', path, data })),
    );
    const { findings, counts } = await whole.verifyIntegrity('org1');
    expect([findings.length, counts]).toEqual([1_000, { 'not-an-event': 1_001 }]);
  });
});
