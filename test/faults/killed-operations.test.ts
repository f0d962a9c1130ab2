import { beforeAll, describe, expect, test } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { systemIds } from '../../functions/src/kernel/index.ts';
import { createRunTransaction } from '../../functions/src/kernel/firestore/index.ts';
import { clearFirestore } from '../../functions/src/kernel/testing/clear-firestore.ts';
import { openEmulatorFirestore } from '../../functions/src/kernel/testing/emulator-firestore.ts';
import { createListOperations } from '../../functions/src/operations/firestore.ts';
import type { Operation } from '../../functions/src/operations/index.ts';
import { createOperations, redrive } from '../../functions/src/operations/index.ts';
import {
  createDeadLetterRows,
  createFirestoreOutboxStore,
} from '../../functions/src/outbox/firestore/index.ts';
import { createRow } from '../../functions/src/outbox/record/record-job.ts';
import { aJob } from '../../functions/src/outbox/testing/factories.ts';
import { SeededRandom } from '../../functions/src/outbox/testing/simulation/random.ts';
import { LOCAL_DIR } from '../../tools/paths.ts';
import { bulkCreate } from './bulk-create.ts';
import { DEPLOYED } from './scene.ts';

const ROWS = 2_000;
const COMMIT = 500;
const TENANTS = 7;
const KILLS = 3;
/** A page of 100 rows, 20 of them. */
const ROWS_PER_SECOND = 100;
/** A lease of a minute lasts three seconds. */
const SPEED = 20;
/** One after another: a step that three workers in a row did not survive is poison, and rightly. */
const LEAST_STEPS = 2;
const MOST_STEPS = 5;
/** How far into a step a process is killed, at most. */
const MOST_DELAY_MS = 150;
const LOOK_AGAIN_MS = 50;
const HARD_LIMIT_MS = 240_000;
const FAILED_AT = Date.UTC(2026, 0, 1);
const REDRIVER = join(import.meta.dirname, 'redriver.ts');

const seed = Number(process.env['FAULTS_SEED'] ?? randomInt(2 ** 31));
const random = new SeededRandom(seed);
const firestore = openEmulatorFirestore();
const store = createFirestoreOutboxStore(firestore);
const kind = redrive({
  deadLetters: createDeadLetterRows(firestore),
  store,
  isOrdered: () => false,
});
const operations = createOperations({
  kinds: new Map([[kind.kind, kind]]),
  runTransaction: createRunTransaction(firestore),
  ids: systemIds,
  slots: DEPLOYED.slots,
  list: createListOperations(firestore),
});

/** What came of it. */
interface Outcome {
  readonly operation: Operation;
  /** How often each row was sent round again, and how it ended, by its id. */
  readonly rows: Readonly<Record<string, string>>;
  readonly kills: number;
}

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

function startProcess(originMs: number): ChildProcess {
  const time = JSON.stringify({ originMs, speed: SPEED });
  const compiled = join(LOCAL_DIR, 'faults', 'compiled');
  return fork(REDRIVER, {
    env: { ...process.env, NODE_COMPILE_CACHE: compiled, FAULTS_TIME: time },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

/** Waits for whoever begins the so manieth step, and kills it in the midst of that. */
async function killOne(processes: readonly ChildProcess[]): Promise<ChildProcess> {
  const steps = random.int(LEAST_STEPS, MOST_STEPS);
  const delayMs = random.int(0, MOST_DELAY_MS);
  const victim = await new Promise<ChildProcess>((resolve) => {
    let begun = 0;
    const hear = (child: ChildProcess) => (): void => {
      begun += 1;
      if (begun === steps) resolve(child);
    };
    for (const child of processes) child.on('message', hear(child));
  });
  await pause(delayMs);
  victim.kill('SIGKILL');
  await once(victim, 'exit');
  for (const child of processes) child.removeAllListeners('message');
  return victim;
}

async function isOver(id: string): Promise<boolean> {
  const [{ state }, open] = await Promise.all([
    operations.get(id),
    firestore.collection('outbox').where('status', 'in', ['pending', 'processing']).count().get(),
  ]);
  return state !== 'running' && open.data().count === 0;
}

/** Two processes redrive all; `mostKills` times one of them is killed, and another takes its place. */
async function redriveAll(mostKills: number): Promise<Outcome> {
  await clearFirestore(firestore);
  const rows = deadLetters.map((job) => createRow(job));
  for (let from = 0; from < ROWS; from += COMMIT) await bulkCreate(rows.slice(from, from + COMMIT));
  const { id } = await operations.start({
    kind: 'redrive',
    params: { all: true },
    rowsPerSecond: ROWS_PER_SECOND,
    by: 'ops',
    reason: 'The sink is back.',
    correlationId: 'request1',
  });
  const originMs = Date.now();
  let processes = [startProcess(originMs), startProcess(originMs)];
  let kills = 0;
  for (; kills < mostKills; kills += 1) {
    const victim = await killOne(processes);
    processes = [...processes.filter((child) => child !== victim), startProcess(originMs)];
  }
  while (!(await isOver(id))) await pause(LOOK_AGAIN_MS);
  await Promise.all(
    processes.map(async (child) => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }),
  );
  return { operation: await operations.get(id), rows: await readRows(), kills };
}

async function readRows(): Promise<Outcome['rows']> {
  const ids = deadLetters.map(({ id }) => firestore.doc(`outbox/${id}`));
  const rows = await firestore.getAll(...ids);
  return Object.fromEntries(
    rows.map((row) => [row.id, `${String(row.get('redrives'))} ${String(row.get('status'))}`]),
  );
}

let undisturbed: Outcome;
let killed: Outcome;

beforeAll(async () => {
  const startMs = performance.now();
  undisturbed = await redriveAll(0);
  const betweenMs = performance.now();
  killed = await redriveAll(KILLS);
  const [first, second] = [betweenMs - startMs, performance.now() - betweenMs].map((ms) =>
    Math.round(ms / 1_000),
  );
  process.stdout.write(
    `FAULTS_SEED=${seed}: ${ROWS} dead letters, ${first} s undisturbed, ` +
      `${second} s with ${killed.kills} kills\n`,
  );
}, HARD_LIMIT_MS);

describe('dead letters redriven by processes that are killed', () => {
  test('are all sent round again, each exactly once, and done', () => {
    const all = Object.fromEntries(deadLetters.map(({ id }) => [id, '1 sent']));
    expect(killed.rows).toEqual(all);
    expect(killed.kills).toBe(KILLS);
  });

  test('are counted once each, and the operation is done', () => {
    expect(killed.operation).toMatchObject({ state: 'done', seen: ROWS, done: ROWS, skipped: {} });
  });

  test('come to what they come to undisturbed', () => {
    const { rows, operation } = undisturbed;
    expect(killed.rows).toEqual(rows);
    const { estimate, step, reads, writes } = operation;
    expect(killed.operation).toMatchObject({ estimate, step, reads, writes });
  });
});
