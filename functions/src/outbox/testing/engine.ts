import type { Firestore } from 'firebase-admin/firestore';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { countingIds } from '../../kernel/testing/counting-ids.ts';
import { ManualClock } from '../../kernel/testing/manual-clock.ts';
import { createFirestoreOutboxStore } from '../firestore/firestore-store.ts';
import type { JobHandler } from '../model/handler.ts';
import type { OutboxJob } from '../model/job.ts';
import { ControlsCache } from '../processor/controls-cache.ts';
import { runJobsNow } from '../processor/fast-path.ts';
import type { SweepMemory } from '../processor/sweep.ts';
import type { SweepReport } from '../processor/tally.ts';
import { sweep } from '../processor/sweep.ts';
import type { ProcessorSettings, Worker } from '../processor/worker.ts';
import { createRow } from '../record/record-job.ts';
import type { OutboxStore } from '../store.ts';
import type { WorkerSaid } from './a-worker.ts';
import { aWorker, DEFAULT_SETTINGS, KeptLogs } from './a-worker.ts';
import { aJob } from './factories.ts';

/**
 * The engine over an empty Firestore. The process's clock stands still; the server's time is as read,
 * moved on by `later`.
 */
export class Engine {
  readonly clock = new ManualClock();
  /** One source for all workers: two runs never have the same id. */
  readonly ids = countingIds('run');
  readonly logs = new KeptLogs();
  readonly store: OutboxStore;
  readonly controls: ControlsCache;
  /** The server's time when the engine was opened. */
  readonly startMs: number;
  handlers: readonly JobHandler[] = [];
  settings: ProcessorSettings = DEFAULT_SETTINGS;
  readonly #firestore: Firestore;
  readonly #memory: SweepMemory = { lastFromZeroElapsedMs: undefined };
  #laterMs = 0;

  static async open(firestore: Firestore, ...handlers: readonly JobHandler[]): Promise<Engine> {
    await clearFirestore(firestore);
    const { readAtMs } = await createFirestoreOutboxStore(firestore).readControls();
    const engine = Object.assign(new Engine(firestore, readAtMs), { handlers });
    await engine.controls.read();
    return engine;
  }

  private constructor(firestore: Firestore, startMs: number) {
    this.#firestore = firestore;
    this.startMs = startMs;
    this.store = withTimeShifted(createFirestoreOutboxStore(firestore), () => this.#laterMs);
    this.controls = new ControlsCache(this.store, this.clock);
  }

  /** Lets the server's time go on; what is due by then is due. */
  later(ms: number): void {
    this.#laterMs += ms;
  }

  /** A worker of this engine; say what is different. */
  worker(said: WorkerSaid = {}): Worker {
    const { store, controls, clock, ids, logs: logger, settings, handlers } = this;
    return aWorker({ store, controls, clock, ids, logger, settings, handlers, ...said });
  }

  /** What the scheduled tick does, always by the same instance. */
  tick(said: WorkerSaid = {}): Promise<SweepReport> {
    return sweep(this.worker(said), this.#memory);
  }

  /** What the trigger of an event with these jobs does. */
  trigger(...ids: readonly string[]): ReturnType<typeof runJobsNow> {
    return runJobsNow(this.worker({ by: 'trigger' }), ids);
  }

  /** Writes a row, due since a second unless said, and answers it. */
  async due(said: Partial<OutboxJob> = {}): Promise<OutboxJob> {
    const ms = this.startMs - 1_000;
    const job = aJob({ createdAt: ms, openedAt: ms, nextAttemptAt: ms, ...said });
    await this.put(job);
    return job;
  }

  async put(...jobs: readonly OutboxJob[]): Promise<void> {
    const batch = this.#firestore.batch();
    for (const { path, data } of jobs.map(createRow) as { path: string; data: object }[]) {
      const { updatedAt: _, ...fields } = data as Record<string, unknown>;
      batch.create(this.#firestore.doc(path), fields);
    }
    await batch.commit();
  }

  async job(id: string): Promise<OutboxJob> {
    const [row] = (await this.store.readRows([id])).rows;
    if (row?.kind !== 'job') throw new Error(`${id} is no job.`);
    return row.job;
  }

  async statuses(jobs: readonly Pick<OutboxJob, 'id'>[]): Promise<string[]> {
    const found = await Promise.all(jobs.map(({ id }) => this.job(id)));
    return found.map(({ status }) => status);
  }

  /** The fields of a document; undefined where there is none. */
  async read(path: string): Promise<Record<string, unknown> | undefined> {
    return (await this.#firestore.doc(path).get()).data();
  }
}

function withTimeShifted(store: OutboxStore, shiftMs: () => number): OutboxStore {
  const shifted = <T extends { readonly readAtMs: number }>(answer: T): T => ({
    ...answer,
    readAtMs: answer.readAtMs + shiftMs(),
  });
  return {
    ...store,
    readControls: async () => shifted(await store.readControls()),
    findDue: async (query) => shifted(await store.findDue(query)),
    readLine: async (key, limit) => shifted(await store.readLine(key, limit)),
    readRows: async (ids) => shifted(await store.readRows(ids)),
  };
}

/** A place where a handler waits until the test lets it go on. */
export interface Gate {
  /** For the handler: says that it is here, and waits. */
  readonly pass: () => Promise<void>;
  /** For the test: somebody is here. */
  readonly arrived: Promise<void>;
  readonly open: () => void;
}

export function aGate(): Gate {
  const arrived = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  return {
    pass: () => {
      arrived.resolve();
      return opened.promise;
    },
    arrived: arrived.promise,
    open: opened.resolve,
  };
}
