import { beforeAll, describe, expect, test } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultHeadPathOf } from '../../functions/src/events/index.ts';
import { anInvoiceEvent, documentOf } from '../../functions/src/events/testing/stored-event.ts';
import { clearFirestore } from '../../functions/src/kernel/testing/clear-firestore.ts';
import { openEmulatorFirestore } from '../../functions/src/kernel/testing/emulator-firestore.ts';
import type { Operation } from '../../functions/src/operations/index.ts';
import { SeededRandom } from '../../functions/src/outbox/testing/simulation/random.ts';
import { LOCAL_DIR } from '../../tools/paths.ts';
import { bulkCreate } from './bulk-create.ts';
import { Operators } from './operators.ts';

const EVENTS = 2_000;
const COMMIT = 500;
const STREAMS = 100;
/** What of them may leave: all but the last of each stream, and those in no stream. */
const STREAMED = 1_000;
const GOING = EVENTS - STREAMS;
const KILLS = 3;
const HARD_LIMIT_MS = 400_000;
const DAYS = 5;
const FIRST_MS = Date.UTC(2026, 0, 1);
const DAY_MS = 24 * 3_600_000;

const seed = Number(process.env['FAULTS_SEED'] ?? randomInt(2 ** 31));
const firestore = openEmulatorFirestore();
const operators = new Operators(firestore, new SeededRandom(seed));
const params = { orgId: 'org1' };

/** In streams of ten and in none, over some days, and the heads of the streams. */
const emitted = Array.from({ length: EVENTS }, (_, index) => {
  const streamVersion = Math.floor(index / STREAMS) + 1;
  const place = index < STREAMED ? { streamVersion } : { eventId: `plain${String(index)}` };
  const entityId = `i${index % STREAMS}`;
  return anInvoiceEvent({ entityId, ...place, payload: { amountMinor: index } });
});
const events = emitted.map((event, index) => {
  const at = new Date(FIRST_MS + Math.floor((index / EVENTS) * DAYS * DAY_MS));
  const data = documentOf(event, at);
  return { kind: 'create' as const, path: `domain_events/${event.eventId}`, data };
});
const headPaths = [...new Set(emitted.slice(0, STREAMED).map(defaultHeadPathOf))];
const head = { version: STREAMED / STREAMS, hash: 'h', by: 't' };

/** What is in the database at a moment, as it is stored. */
interface Stored {
  readonly log: Readonly<Record<string, unknown>>;
  readonly heads: readonly unknown[];
  readonly archivedOnly: unknown;
}

/** What came of an archive, and of restoring it. */
interface Outcome {
  readonly before: Stored;
  readonly archived: Operation;
  readonly afterwards: Stored;
  readonly restored: Operation;
  readonly atTheEnd: Stored;
  readonly kills: number;
}

async function readStored(): Promise<Stored> {
  const { docs } = await firestore.collection('domain_events').get();
  const heads = await firestore.getAll(...headPaths.map((path) => firestore.doc(path)));
  const archives = await firestore.doc('archives/org1').get();
  return {
    log: Object.fromEntries(docs.map((event) => [event.id, event.data()])),
    heads: heads.map((document): unknown => document.get('stream')),
    archivedOnly: archives.get('events'),
  };
}

async function archiveAndRestore(mostKills: number): Promise<Outcome> {
  await clearFirestore(firestore);
  await rm(join(LOCAL_DIR, 'faults', 'files', 'events'), { recursive: true, force: true });
  for (let from = 0; from < EVENTS; from += COMMIT) {
    await bulkCreate(events.slice(from, from + COMMIT));
  }
  await bulkCreate(headPaths.map((path) => ({ kind: 'create', path, data: { stream: head } })));
  const before = await readStored();
  const archived = await operators.operate('archive', params, mostKills);
  const afterwards = await readStored();
  const days = { from: '2026-01-01', to: '2026-01-05' };
  const restored = await operators.operate('restore', { ...params, ...days }, mostKills);
  return {
    before,
    archived: archived.operation,
    afterwards,
    restored: restored.operation,
    atTheEnd: await readStored(),
    kills: archived.kills + restored.kills,
  };
}

let undisturbed: Outcome;
let killed: Outcome;

beforeAll(async () => {
  const startMs = performance.now();
  undisturbed = await archiveAndRestore(0);
  const betweenMs = performance.now();
  killed = await archiveAndRestore(KILLS);
  const [first, second] = [betweenMs - startMs, performance.now() - betweenMs].map((ms) =>
    Math.round(ms / 1_000),
  );
  process.stdout.write(
    `FAULTS_SEED=${seed}: ${EVENTS} events archived and restored, ${first} s undisturbed, ` +
      `${second} s with ${killed.kills} kills\n`,
  );
}, HARD_LIMIT_MS);

describe('events archived and restored by processes that are killed', () => {
  test('have all left that may, and are counted once', () => {
    const { archived, afterwards } = killed;
    const skipped = { 'last-of-its-stream': STREAMS };
    expect(archived).toMatchObject({ state: 'done', seen: EVENTS, done: GOING, skipped });
    expect(Object.keys(afterwards.log)).toHaveLength(STREAMS);
    expect(afterwards.archivedOnly).toBe(GOING);
    const through = { ...head, archivedThrough: head.version - 1 };
    expect(afterwards.heads).toEqual(headPaths.map(() => through));
  });

  test('are all back as they were, and counted once', () => {
    const { before, restored, atTheEnd } = killed;
    expect(restored).toMatchObject({ state: 'done', seen: GOING, done: GOING, skipped: {} });
    expect(atTheEnd).toEqual({ ...before, archivedOnly: 0 });
    expect(atTheEnd.heads).toEqual(headPaths.map(() => head));
  });

  test('come to what they come to undisturbed', () => {
    const { archived, afterwards, restored, atTheEnd } = undisturbed;
    expect(killed.afterwards).toEqual(afterwards);
    expect(killed.atTheEnd).toEqual(atTheEnd);
    for (const [mine, theirs] of [
      [killed.archived, archived],
      [killed.restored, restored],
    ] as const) {
      const { estimate, step, seen, done, writes } = theirs;
      expect(mine).toMatchObject({ step, seen, done, writes });
      expect(mine.estimate).toBe(estimate);
    }
  });
});
