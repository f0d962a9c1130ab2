import { beforeAll, describe, expect, test } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { DomainEvent } from '../../functions/src/events/event.ts';
import { createFirestoreProjections } from '../../functions/src/events/firestore/index.ts';
import { applyLive } from '../../functions/src/events/projections/apply-live.ts';
import type { Projection } from '../../functions/src/events/projections/projection.ts';
import { keyOfEvent } from '../../functions/src/events/projections/projection.ts';
import { testCatalog } from '../../functions/src/events/testing/catalog.ts';
import { ledger, totals } from '../../functions/src/events/testing/read-models.ts';
import { anInvoiceEvent, documentOf } from '../../functions/src/events/testing/stored-event.ts';
import type { DocumentTransaction } from '../../functions/src/kernel/index.ts';
import { CodedError, SERVER_TIME, systemIds } from '../../functions/src/kernel/index.ts';
import { createRunTransaction } from '../../functions/src/kernel/firestore/index.ts';
import { clearFirestore } from '../../functions/src/kernel/testing/clear-firestore.ts';
import { openEmulatorFirestore } from '../../functions/src/kernel/testing/emulator-firestore.ts';
import { createFirestoreOutboxStore } from '../../functions/src/outbox/firestore/index.ts';
import { SeededRandom } from '../../functions/src/outbox/testing/simulation/random.ts';
import { LOCAL_DIR } from '../../tools/paths.ts';
import { bulkCreate } from './bulk-create.ts';

const EVENTS = 20_000;
const INVOICES = 500;
const MATTERS = 40;
const SPREAD_MS = 24 * 3_600_000;
const COMMIT = 500;
/** The emulator has no locks to wait for: who meets another begins anew, a second later. */
const BETWEEN_EVENTS_MS = 300;
/** Every so manieth job runs twice. */
const DOUBLED = 5;
/** Steps that a process may take before it is killed. */
const MOST_STEPS = 6;
/** How far into the next step it is killed, at most: reading takes as long as committing. */
const MOST_DELAY_MS = 1_000;
const HARD_LIMIT_MS = 900_000;
/** What the generation is called that is live before. */
const FIRST = '1-first';
const REBUILDER = join(import.meta.dirname, 'rebuilder.ts');

const seed = Number(process.env['FAULTS_SEED'] ?? randomInt(2 ** 31));
const random = new SeededRandom(seed);
const firestore = openEmulatorFirestore();
const runTransaction = createRunTransaction(firestore);
const projections = createFirestoreProjections(firestore, {
  catalog: testCatalog,
  ids: systemIds,
  store: createFirestoreOutboxStore(firestore),
});
/** One of the two, by the seed: an event is told apart by a marker, or by its version. */
const projection = random.pick<Projection>([totals, ledger]);
const versions = new Map<number, number>();
const events: DomainEvent[] = [];
/** The read model as it is live, in memory: what a job for each event comes to. */
const live = new Map<string, unknown>();
let kills = 0;
let arrived = 0;
let contended = 0;

/** The next event of the tenant: of any invoice, in the order of its stream. */
function nextEvent(): DomainEvent {
  const invoice = random.int(0, INVOICES - 1);
  const streamVersion = (versions.get(invoice) ?? 0) + 1;
  versions.set(invoice, streamVersion);
  const matterId = `m${invoice % MATTERS}`;
  const where = { entityId: `i${invoice}`, matterId, streamVersion };
  const event =
    random.next() < 0.3
      ? { eventType: 'invoice.paid', payload: { paidBy: `p${events.length}` } }
      : { eventType: 'invoice.sent', payload: { amountMinor: random.int(1, 100_000) } };
  const next = anInvoiceEvent({ ...event, ...where });
  events.push(next);
  const key = keyOfEvent(projection, next) ?? '';
  live.set(key, projection.apply(live.get(key), next));
  return next;
}

/** What happened until now, spread over a day; the last of it within the last minutes. */
async function seedLog(): Promise<void> {
  const startMs = Date.now() - SPREAD_MS;
  const writes = Array.from({ length: EVENTS }, (_, index) => {
    const event = nextEvent();
    const timestamp = new Date(startMs + Math.floor((index * SPREAD_MS) / EVENTS));
    return {
      kind: 'create',
      path: `domain_events/${event.eventId}`,
      data: documentOf(event, timestamp),
    } as const;
  });
  for (let from = 0; from < EVENTS; from += COMMIT) {
    await bulkCreate(writes.slice(from, from + COMMIT));
  }
}

/** Writes the live generation down as jobs would have left it; 20,000 of them would take half an hour. */
async function seedLive(): Promise<void> {
  const documents = documentsOf(FIRST);
  await bulkCreate(
    documents.map((data) => ({
      kind: 'create' as const,
      path: `${projection.collection}/org1~${FIRST}~${data.key}`,
      data,
    })),
  );
  const state = { live: FIRST, newest: 1, building: null, retired: [] };
  await firestore.doc(`projection_state/${projection.id}~org1`).create(state);
}

/** The documents of a generation that has everything. */
function documentsOf(generation: string): { readonly key: string }[] {
  const isOfStreams = 'entityType' in projection;
  return [...live].map(([key, state]) => ({
    orgId: 'org1',
    key,
    generation: `org1~${generation}`,
    state,
    ...(isOfStreams ? { version: versions.get(Number(key.slice(1))) } : {}),
  }));
}

/** As a client that is told to try again does, and the outbox with a job. */
async function untilCommitted(work: (tx: DocumentTransaction) => Promise<unknown>): Promise<void> {
  const id = systemIds.documentId();
  for (;;) {
    try {
      await runTransaction(id, work);
      return;
    } catch (error) {
      if (!(error instanceof CodedError && error.code === 'contention')) throw error;
      contended += 1;
    }
  }
}

/** Events that arrive while others are rebuilt, each with its jobs, until somebody says that it is enough. */
async function keepEmitting(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const event = nextEvent();
    await untilCommitted(async (tx) =>
      tx.create(`domain_events/${event.eventId}`, documentOf(event, SERVER_TIME)),
    );
    const job = () =>
      untilCommitted((tx) => applyLive(tx, { catalog: testCatalog, projection }, event));
    await job();
    if (events.length % DOUBLED === 0) await job();
    arrived += 1;
    await pause(BETWEEN_EVENTS_MS);
  }
}

function startProcess(): ChildProcess {
  const compiled = join(LOCAL_DIR, 'faults', 'compiled');
  return fork(REBUILDER, {
    env: { ...process.env, NODE_COMPILE_CACHE: compiled },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

/** One process after the other, each killed in the middle of some step, until one comes to the end. */
async function rebuildKilling(): Promise<void> {
  for (;;) {
    const child = startProcess();
    const mostSteps = random.int(1, MOST_STEPS);
    const delayMs = random.int(0, MOST_DELAY_MS);
    let steps = 0;
    child.on('message', () => {
      steps += 1;
      if (steps === mostSteps) setTimeout(() => child.kill('SIGKILL'), delayMs);
    });
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    if (signal !== 'SIGKILL') {
      expect(code).toBe(0);
      return;
    }
    kills += 1;
  }
}

beforeAll(async () => {
  const startMs = performance.now();
  await clearFirestore(firestore);
  await seedLog();
  await seedLive();
  await projections.startRebuild(projection, 'org1');
  const stop = new AbortController();
  const emitting = keepEmitting(stop.signal);
  try {
    await rebuildKilling();
  } finally {
    stop.abort();
    await emitting;
    const tookS = Math.round((performance.now() - startMs) / 1_000);
    process.stdout.write(
      `FAULTS_SEED=${seed}: ${projection.id} of ${EVENTS} events and ${arrived} more, ` +
        `${kills} kills, ${contended} times contended, ${tookS} s\n`,
    );
  }
}, HARD_LIMIT_MS);

describe('a read model rebuilt by processes that are killed again and again', () => {
  test('ends equal to what was live, field by field', async () => {
    const { docs } = await firestore.collection(projection.collection).get();
    const found = docs.map((doc) => doc.data() as { key: string });
    const state = await firestore.doc(`projection_state/${projection.id}~org1`).get();
    const second = String(state.get('live'));
    expect(second).toMatch(/^2-/);
    expect(found.toSorted(byKey)).toEqual(documentsOf(second).toSorted(byKey));
    const completeToMs: unknown = expect.any(Number);
    const rest = { newest: 2, building: null, retired: [], completeToMs };
    expect(state.data()).toEqual({ live: second, ...rest });
  });

  /** What must have been there, or nothing was proved. */
  test('was killed often, while events arrived', () => {
    expect(kills).toBeGreaterThanOrEqual(3);
    expect(arrived).toBeGreaterThanOrEqual(20);
    expect(live.size).toBe(projection.id === 'totals' ? MATTERS : INVOICES);
  });
});

function byKey(a: { readonly key: string }, b: { readonly key: string }): number {
  return a.key < b.key ? -1 : 1;
}
