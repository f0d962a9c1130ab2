import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { systemIds } from '../../functions/src/kernel/index.ts';
import { createRunTransaction } from '../../functions/src/kernel/firestore/index.ts';
import type { Firestore } from '../../functions/src/kernel/testing/emulator-firestore.ts';
import { createListOperations } from '../../functions/src/operations/firestore.ts';
import type { Operation, Operations } from '../../functions/src/operations/index.ts';
import { createOperations } from '../../functions/src/operations/index.ts';
import { createFirestoreOutboxStore } from '../../functions/src/outbox/firestore/index.ts';
import type { SeededRandom } from '../../functions/src/outbox/testing/simulation/random.ts';
import { LOCAL_DIR } from '../../tools/paths.ts';
import { countOpen } from './database.ts';
import { createKinds } from './operation-kinds.ts';
import { DEPLOYED } from './scene.ts';

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
const OPERATOR = join(import.meta.dirname, 'operator.ts');

/** What came of an operation, and how many of its processes were killed. */
export interface OperatedTo {
  readonly operation: Operation;
  readonly kills: number;
}

/** Starts operations, and has two processes make them, of which some are killed. */
export class Operators {
  readonly #firestore: Firestore;
  readonly #random: SeededRandom;
  readonly #operations: Operations;

  constructor(firestore: Firestore, random: SeededRandom) {
    this.#firestore = firestore;
    this.#random = random;
    this.#operations = createOperations({
      kinds: createKinds(firestore, createFirestoreOutboxStore(firestore)),
      runTransaction: createRunTransaction(firestore),
      ids: systemIds,
      slots: DEPLOYED.slots,
      list: createListOperations(firestore),
    });
  }

  /** `mostKills` times one of the processes is killed, and another takes its place. */
  async operate(kind: string, params: object, mostKills: number): Promise<OperatedTo> {
    const { id } = await this.#operations.start({
      kind,
      params,
      rowsPerSecond: ROWS_PER_SECOND,
      by: 'ops',
      reason: 'The sink is back.',
      correlationId: 'request1',
    });
    const originMs = Date.now();
    let processes = [startProcess(originMs), startProcess(originMs)];
    let kills = 0;
    for (; kills < mostKills; kills += 1) {
      const victim = await this.#killOne(processes);
      processes = [...processes.filter((child) => child !== victim), startProcess(originMs)];
    }
    while (!(await this.#isOver(id))) await pause(LOOK_AGAIN_MS);
    await Promise.all(processes.map(kill));
    return { operation: await this.#operations.get(id), kills };
  }

  /** Waits for whoever begins the so manieth step, and kills it in the midst of that. */
  async #killOne(processes: readonly ChildProcess[]): Promise<ChildProcess> {
    const steps = this.#random.int(LEAST_STEPS, MOST_STEPS);
    const delayMs = this.#random.int(0, MOST_DELAY_MS);
    const victim = await new Promise<ChildProcess>((resolve) => {
      let begun = 0;
      const hear = (child: ChildProcess) => (): void => {
        begun += 1;
        if (begun === steps) resolve(child);
      };
      for (const child of processes) child.on('message', hear(child));
    });
    await pause(delayMs);
    await kill(victim);
    for (const child of processes) child.removeAllListeners('message');
    return victim;
  }

  async #isOver(id: string): Promise<boolean> {
    const [{ state }, open] = await Promise.all([
      this.#operations.get(id),
      countOpen(this.#firestore),
    ]);
    return state !== 'running' && open === 0;
  }
}

function startProcess(originMs: number): ChildProcess {
  const time = JSON.stringify({ originMs, speed: SPEED });
  const compiled = join(LOCAL_DIR, 'faults', 'compiled');
  return fork(OPERATOR, {
    env: { ...process.env, NODE_COMPILE_CACHE: compiled, FAULTS_TIME: time },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
