import { beforeAll, describe, expect, test } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { ledger, totals } from '../../functions/src/events/testing/read-models.ts';
import { anInvoiceEvent, documentOf } from '../../functions/src/events/testing/stored-event.ts';
import type { DocumentWrite } from '../../functions/src/kernel/index.ts';
import { systemIds } from '../../functions/src/kernel/index.ts';
import { clearFirestore } from '../../functions/src/kernel/testing/clear-firestore.ts';
import { openEmulatorFirestore } from '../../functions/src/kernel/testing/emulator-firestore.ts';
import { createRow } from '../../functions/src/outbox/record/record-job.ts';
import { aJob } from '../../functions/src/outbox/testing/factories.ts';
import { SeededRandom } from '../../functions/src/outbox/testing/simulation/random.ts';
import { bulkCreate } from './bulk-create.ts';
import { openFiles } from './operation-kinds.ts';
import type { OperatedTo } from './operators.ts';
import { Operators } from './operators.ts';

const ROWS = 2_000;
const EVENTS = 5_000;
const LINES = 2_000;
const COMMIT = 500;
const TENANTS = 7;
const MATTERS = 40;
const KILLS = 3;
const HARD_LIMIT_MS = 480_000;
const FAILED_AT = Date.UTC(2026, 0, 1);

const seed = Number(process.env['FAULTS_SEED'] ?? randomInt(2 ** 31));
const firestore = openEmulatorFirestore();
const operators = new Operators(firestore, new SeededRandom(seed));

/** Documents by their ids, as far as they have to be the same each time. */
type Rows = Readonly<Record<string, unknown>>;

/** What came of it. */
interface Outcome extends OperatedTo {
  readonly rows: Rows;
}

/** An operation, what is there before it, and what has to come of it. */
interface Play {
  readonly kind: string;
  readonly params: object;
  readonly before: readonly DocumentWrite[];
  readonly readRows: () => Promise<Rows>;
}

/** Plays it once for each number of kills; answers what came of each, by that number. */
function playWith(play: Play, kills: readonly number[]): (kills: number) => Outcome {
  const outcomes = new Map<number, Outcome>();
  beforeAll(async () => {
    for (const mostKills of kills) {
      const startMs = performance.now();
      outcomes.set(mostKills, await playOnce(play, mostKills));
      const tookS = Math.round((performance.now() - startMs) / 1_000);
      process.stdout.write(`FAULTS_SEED=${seed}: ${play.kind}, ${mostKills} kills, ${tookS} s\n`);
    }
  }, HARD_LIMIT_MS);
  return (mostKills) => outcomes.get(mostKills)!;
}

async function playOnce({ kind, params, before, readRows }: Play, kills: number): Promise<Outcome> {
  await clearFirestore(firestore);
  for (let from = 0; from < before.length; from += COMMIT) {
    await bulkCreate(before.slice(from, from + COMMIT));
  }
  const operated = await operators.operate(kind, params, kills);
  return { ...operated, rows: await readRows() };
}

describe('dead letters redriven by processes that are killed', () => {
  const deadLetters = Array.from({ length: ROWS }, (_, index) =>
    aJob({
      orgId: `org${index % TENANTS}`,
      jobType: index % 3 === 0 ? 'push' : 'mail',
      status: 'failed',
      attempts: 5,
      nextAttemptAt: undefined,
      failure: { reason: 'attempts-spent', at: FAILED_AT + index },
    }),
  );
  const redriven: Play = {
    kind: 'redrive',
    params: { all: true },
    before: deadLetters.map((job) => createRow(job)),
    readRows: async () => {
      const rows = await firestore.getAll(
        ...deadLetters.map(({ id }) => firestore.doc(`outbox/${id}`)),
      );
      return Object.fromEntries(
        rows.map((row) => [row.id, `${String(row.get('redrives'))} ${String(row.get('status'))}`]),
      );
    },
  };
  const outcome = playWith(redriven, [0, KILLS]);

  test('are all sent round again, each exactly once, and done', () => {
    const all = Object.fromEntries(deadLetters.map(({ id }) => [id, '1 sent']));
    expect(outcome(KILLS).rows).toEqual(all);
    expect(outcome(KILLS).kills).toBe(KILLS);
  });

  test('are counted once each, and the operation is done', () => {
    const counts = { seen: ROWS, done: ROWS, skipped: {} };
    expect(outcome(KILLS).operation).toMatchObject({ state: 'done', ...counts });
  });

  test('come to what they come to undisturbed', () => {
    const { rows, operation } = outcome(0);
    expect(outcome(KILLS).rows).toEqual(rows);
    const { estimate, step, reads, writes } = operation;
    expect(outcome(KILLS).operation).toMatchObject({ estimate, step, reads, writes });
  });
});

/** A log of one event for each invoice, in memory and as it is stored. */
const events = Array.from({ length: EVENTS }, (_, index) =>
  anInvoiceEvent({
    entityId: `i${index}`,
    matterId: `m${index % MATTERS}`,
    streamVersion: 1,
    payload: { amountMinor: index },
  }),
);
const log = events.map((event, index) => ({
  kind: 'create' as const,
  path: `domain_events/${event.eventId}`,
  data: documentOf(event, new Date(FAILED_AT + index)),
}));

/** The first event of a read model writes this: twenty at once would wait for each other, in fast time too long. */
const begunBefore = {
  kind: 'create' as const,
  path: `projection_state/${ledger.id}~org1`,
  data: { live: '1-first', newest: 1, building: null, retired: [] },
};

async function readModel({ collection }: typeof totals | typeof ledger): Promise<Rows> {
  const { docs } = await firestore.collection(collection).get();
  return Object.fromEntries(
    docs.map((row) => [String(row.get('key')), row.get('state') as unknown]),
  );
}

describe('events replayed to a read model by processes that are killed', () => {
  const replayed: Play = {
    kind: 'replay',
    params: { orgId: 'org1', subscriptions: [ledger.id] },
    before: [...log, begunBefore],
    readRows: async () => {
      const { docs } = await firestore.collection('outbox').where('jobType', '==', ledger.id).get();
      const statuses = docs.map((row) => [
        String(row.get('eventId')),
        row.get('status') as unknown,
      ]);
      const given: Rows = Object.fromEntries(statuses);
      return { jobs: docs.length, ...given, ...(await readModel(ledger)) };
    },
  };
  const outcome = playWith(replayed, [KILLS]);

  test('are each given once, and in it, as they are undisturbed', () => {
    const { rows, operation, kills } = outcome(KILLS);
    const expected = events.flatMap(({ eventId }, index) => [
      [eventId, 'sent'],
      [`i${index}`, { lines: [index] }],
    ]);
    expect(rows).toEqual({ jobs: EVENTS, ...Object.fromEntries(expected) });
    expect(kills).toBe(KILLS);
    expect(operation).toMatchObject({ state: 'done', seen: EVENTS, done: EVENTS, skipped: {} });
  });
});

describe('a read model rebuilt by processes that are killed', () => {
  const rebuilt: Play = {
    kind: 'rebuild',
    params: { projection: totals.id, orgId: 'org1' },
    before: log,
    readRows: () => readModel(totals),
  };
  const outcome = playWith(rebuilt, [KILLS]);

  test('has every event once, as it has undisturbed', () => {
    const perMatter = EVENTS / MATTERS;
    const all = Array.from({ length: MATTERS }, (_, matter) => {
      const amountMinor = perMatter * matter + (MATTERS * perMatter * (perMatter - 1)) / 2;
      return [`m${matter}`, { sent: perMatter, paid: 0, amountMinor }];
    });
    expect(outcome(KILLS).rows).toEqual(Object.fromEntries(all));
    expect(outcome(KILLS)).toMatchObject({ operation: { state: 'done' }, kills: KILLS });
  });
});

describe('history imported by processes that are killed', () => {
  const file = `imports/${systemIds.documentId()}.ndjson`;
  const lines = Array.from({ length: LINES }, (_, index) =>
    JSON.stringify({
      key: `k${index}`,
      eventType: 'note.added',
      entityType: 'note',
      entityId: `note${index}`,
      actor: { actorType: 'user', actorId: 'ada' },
      payload: { text: `Note ${index}` },
      occurredAt: new Date(FAILED_AT + index).toISOString(),
    }),
  );
  lines[LINES - 2] = '{"key": "garbage';
  beforeAll(async () => {
    await openFiles().put(file, Buffer.from(lines.join('\n')));
  });
  const imported: Play = {
    kind: 'import',
    params: { orgId: 'org1', file, source: 'legacy' },
    before: [],
    readRows: async () => {
      const { docs } = await firestore.collection('domain_events').get();
      return Object.fromEntries(docs.map((row) => [row.id, row.get('contentHash') as unknown]));
    },
  };
  const outcome = playWith(imported, [0, KILLS]);

  test('is all there, each event once, but for the line that is none', () => {
    const { rows, operation, kills } = outcome(KILLS);
    expect(new Set(Object.values(rows)).size).toBe(LINES - 1);
    expect(Object.keys(rows)).toHaveLength(LINES - 1);
    expect(kills).toBe(KILLS);
    expect(operation).toMatchObject({
      state: 'done',
      seen: LINES,
      done: LINES - 1,
      skipped: { invalid: 1 },
      findings: [{ line: LINES - 1 }],
    });
  });

  test('comes to what it comes to undisturbed', () => {
    const { rows, operation } = outcome(0);
    expect(outcome(KILLS).rows).toEqual(rows);
    const { step, reads, writes, found } = operation;
    expect(outcome(KILLS).operation).toMatchObject({ step, reads, writes, found });
  });
});
