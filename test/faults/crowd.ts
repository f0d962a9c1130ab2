import type { Clock, DocumentWrite } from '../../functions/src/kernel/index.ts';
import { systemClock, systemIds, systemRandom } from '../../functions/src/kernel/index.ts';
import { clearFirestore } from '../../functions/src/kernel/testing/clear-firestore.ts';
import type { Firestore } from '../../functions/src/kernel/testing/emulator-firestore.ts';
import { createFirestoreOutboxStore } from '../../functions/src/outbox/firestore/index.ts';
import type { ExternalHandler, NewJob, SweepMemory } from '../../functions/src/outbox/index.ts';
import {
  createProcessor,
  DEFAULT_RETRY_POLICY,
  openWorker,
  recordPendingJob,
  sweep,
} from '../../functions/src/outbox/index.ts';
import { bulkCreate } from './bulk-create.ts';
import { DueIndex } from './due-index.ts';
import { DEPLOYED } from './scene.ts';

/**
 * Time is what this process itself works: neither other programs on the machine nor the emulator, which is
 * no measure of the database's speed, make a tick shorter.
 */
const ownTime: Clock = {
  elapsedMs: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  },
  wait: (delayMs, signal) => systemClock.wait(delayMs, signal),
};

/** What one tick of the deployment may take. */
const TICK_BUDGET_MS = 88_000;
const COMMIT = 500;
const NO_COMMIT: Promise<void> = Promise.resolve();

/** Many tenants' jobs, worked through by one ticking instance with the settings of the deployment. */
export class Crowd {
  readonly index = new DueIndex();
  /** In which tick each job was sent. */
  readonly sentIn = new Map<string, number>();
  readonly #memory: SweepMemory = { lastFromZeroElapsedMs: undefined };
  readonly #processor: ReturnType<typeof createProcessor>;
  #tick = 0;
  #onFirstSend: (() => Promise<void>) | undefined;
  #atFirstSend = NO_COMMIT;

  static async open(firestore: Firestore): Promise<Crowd> {
    await clearFirestore(firestore);
    return new Crowd(firestore);
  }

  private constructor(firestore: Firestore) {
    this.#processor = createProcessor({
      store: this.index.serve(createFirestoreOutboxStore(firestore)),
      clock: ownTime,
      ids: systemIds,
      random: systemRandom,
      logger: { write: () => undefined },
      settings: DEPLOYED,
    });
  }

  /** How many ticks have begun. */
  get ticks(): number {
    return this.#tick;
  }

  /** Commits jobs, due since `dueAt`. */
  async emit(jobs: readonly NewJob[], dueAt: Date): Promise<void> {
    const { maxAttempts } = DEFAULT_RETRY_POLICY;
    for (let from = 0; from < jobs.length; from += COMMIT) {
      const writes = jobs
        .slice(from, from + COMMIT)
        .map((job) =>
          recordPendingJob({ ...job, notBefore: dueAt }, { slots: DEPLOYED.slots, maxAttempts }),
        );
      await bulkCreate(writes);
      for (const write of writes) {
        const { id, slot } = dataOf(write);
        this.index.put({ id, slot, nextAttemptAt: dueAt.getTime() });
      }
    }
  }

  /** One tick; `onFirstSend` is done while it is at work. Answers what it took of its own time. */
  async tick(onFirstSend: () => Promise<void>): Promise<number> {
    this.#tick += 1;
    const startMs = ownTime.elapsedMs();
    this.#onFirstSend = onFirstSend;
    const options = { by: 'tick', budgetMs: TICK_BUDGET_MS, handlers: () => this.#sink } as const;
    await sweep(openWorker(this.#processor, options), this.#memory);
    await this.#atFirstSend;
    return ownTime.elapsedMs() - startMs;
  }

  readonly #sink: ExternalHandler = {
    kind: 'external',
    jobType: 'mail',
    policy: DEFAULT_RETRY_POLICY,
    onUnknownOutcome: 'retry',
    send: async ({ id }) => {
      this.sentIn.set(id, this.#tick);
      const begin = this.#onFirstSend;
      this.#onFirstSend = undefined;
      if (begin !== undefined) this.#atFirstSend = begin();
    },
  };
}

function dataOf(write: DocumentWrite): { readonly id: string; readonly slot: number } {
  if (write.kind === 'delete') throw new Error('A new job is not a delete.');
  return write.data as unknown as { id: string; slot: number };
}
