import type { Logger } from '#kernel';
import { T0 } from '../factories.ts';
import { Faults } from './faults.ts';
import { Judge } from './judge.ts';
import type { DocumentChange } from './observed-documents.ts';
import { ObservedDocuments } from './observed-documents.ts';
import type { Machinery } from './process.ts';
import { Process, UnavailableError } from './process.ts';
import { SeededRandom } from './random.ts';
import type { Scenario } from './scenario.ts';
import { Scheduler, Trace } from './scheduler.ts';
import { Sinks } from './sinks.ts';
import { WorkerCalls } from './worker-calls.ts';

/** How far the latency of a slow answer exceeds the usual, and where it ends. */
const SLOW_FACTOR = 10;
const SLOWEST_MS = 1_500;

/** Everything there is in one simulation. Actors bring it to life. */
export class World {
  readonly scenario: Scenario;
  readonly random: SeededRandom;
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly judge: Judge;
  readonly documents: ObservedDocuments;
  readonly logger: Logger;
  /** How often each message was logged. */
  readonly logged: Record<string, number> = {};
  /** Told of every commit, after the judge. */
  readonly onCommit: ((changes: readonly DocumentChange[]) => void)[] = [];
  readonly sinks: Sinks;
  readonly calls: WorkerCalls;
  /** All instances that were ever started, each with how it is told to end. */
  readonly instances: { readonly process: Process; readonly stopping: AbortController }[] = [];
  readonly #world = { name: 'world', frozenUntilMs: 0 };
  readonly #latency: SeededRandom;
  readonly #machinery: Machinery;

  constructor(scenario: Scenario, keepTrace: boolean) {
    this.scenario = scenario;
    this.random = new SeededRandom(scenario.seed);
    this.scheduler = new Scheduler(T0, new Trace(keepTrace));
    this.faults = new Faults(scenario, this.random.fork('faults'));
    this.judge = new Judge(this.scheduler);
    this.documents = new ObservedDocuments(
      () => this.scheduler.nowMs,
      (changes) => {
        this.judge.committed(changes);
        for (const tell of this.onCommit) tell(changes);
      },
    );
    this.logger = {
      write: ({ message }) => {
        this.logged[message] = (this.logged[message] ?? 0) + 1;
      },
    };
    this.sinks = new Sinks(scenario, this.random.fork('sinks'), this.scheduler);
    this.calls = new WorkerCalls(this);
    this.#latency = this.random.fork('latency');
    const { scheduler, faults, random } = this;
    this.#machinery = {
      scheduler,
      faults,
      random: random.fork('processes'),
      latencyMs: () => this.#drawLatency(),
    };
  }

  get nowMs(): number {
    return this.scheduler.nowMs;
  }

  /** When the chaos ends. */
  get chaosEndsAtMs(): number {
    return this.scheduler.startMs + this.scenario.minutes * 60_000;
  }

  process(name: string): Process {
    return new Process(name, this.#machinery);
  }

  /** Something the world does by itself at a time. */
  at(ms: number, label: string, go: () => void): void {
    this.scheduler.add({ owner: this.#world, kind: 'wait', label, readyAtMs: ms, go });
  }

  /** Lets work begin that ends by itself, or with its process; only the database may fail it. */
  start(label: string, work: Promise<unknown>, ended: () => void = () => undefined): void {
    work
      .catch((error: unknown) => {
        if (!(error instanceof UnavailableError)) {
          this.judge.accuse('nothing unexpected is thrown', `${label}: ${String(error)}`);
        }
      })
      .then(ended, ended);
  }

  #drawLatency(): number {
    const { latencyMs } = this.scenario;
    const usual = latencyMs * (0.1 + this.#latency.next());
    const ms = this.#latency.chance(0.1) ? usual * SLOW_FACTOR : usual;
    return Math.min(SLOWEST_MS, Math.ceil(ms));
  }
}
