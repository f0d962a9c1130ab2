import type { Clock } from '#kernel';
import type { Faults } from './faults.ts';
import type { SeededRandom } from './random.ts';
import type { Owner, Scheduler, StopKind } from './scheduler.ts';

/** The database answered with an error; nobody knows whether the operation took effect. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}

/** What processes are made of. */
export interface Machinery {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly random: SeededRandom;
  /** How long one way to the database or a sink takes. */
  readonly latencyMs: () => number;
}

/** Something that happened to a process and excuses what it does not get done. */
interface Disturbance {
  readonly atMs: number;
  readonly untilMs: number;
  readonly stopsClock: boolean;
}

/** What may be done to a process at a stop. `canFail`: the database may answer with an error. */
export interface StopOptions {
  readonly canFail: boolean;
}

/**
 * A process that lives in virtual time. It can be killed (nothing of it goes on, but a request that is
 * under way may still take effect) and frozen (all of it stands still and wakes up later).
 */
export class Process implements Owner {
  readonly name: string;
  frozenUntilMs = 0;
  isAlive = true;
  /** When it was told that it is about to end. */
  stoppedAtMs: number | undefined;
  /** Called when it is told so; of a process that nobody tells there is none. */
  onToldToEnd: (() => void) | undefined;
  /** Told when it dies. */
  readonly onDeath: (() => void)[] = [];
  readonly clock: Clock;
  readonly #machinery: Machinery;
  readonly #disturbances: Disturbance[] = [];
  /** How long its monotonic clock stood still. */
  #stoppedMs = 0;

  constructor(name: string, machinery: Machinery) {
    this.name = name;
    this.#machinery = machinery;
    const bootedMs = machinery.random.fork(name).int(0, 1_000_000_000);
    this.clock = {
      elapsedMs: () => bootedMs + machinery.scheduler.nowMs - this.#stoppedMs,
      wait: (delayMs, signal) => this.#wait(delayMs, signal),
    };
  }

  /** Whether since then something happened to it that excuses work without an end. */
  isDisturbedSince(ms: number): boolean {
    return this.#disturbances.some(({ untilMs }) => untilMs >= ms);
  }

  /** Whether between these times nothing happened that makes what it knows of the server's time old. */
  knewTheTime(fromMs: number, throughMs: number): boolean {
    const isOld = ({ untilMs, atMs, stopsClock }: Disturbance): boolean =>
      untilMs >= fromMs && (stopsClock || atMs <= throughMs);
    return !this.#disturbances.some(isOld);
  }

  /** A place where others take their steps, and where this process may come to harm. */
  async stop(kind: 'request' | 'answer', label: string, options: StopOptions): Promise<void> {
    if (!this.isAlive) return never();
    const { faults, latencyMs } = this.#machinery;
    if (this.onToldToEnd !== undefined && faults.isToldToEnd()) this.onToldToEnd();
    const fate = faults.next(options.canFail);
    if (fate.kind === 'kill') return this.#dieAt(kind, label);
    if (fate.kind === 'freeze') this.freeze(fate.forMs, fate.stopsClock);
    await this.#pause(kind, label, latencyMs());
    if (fate.kind !== 'error') return undefined;
    this.#disturb('told of an error', { untilMs: this.#machinery.scheduler.nowMs });
    throw new UnavailableError(`${label}: the database is not available`);
  }

  /** A request without an answer: nobody is told, but everything behind it is late. */
  async lag(forMs: number, label: string): Promise<void> {
    this.#disturb('not answered', { untilMs: this.#machinery.scheduler.nowMs + forMs });
    return this.spend(forMs, label);
  }

  /** Passes time without any harm but what others do to this process meanwhile. */
  async spend(delayMs: number, label: string): Promise<void> {
    return this.isAlive ? this.#pause('answer', label, delayMs) : never();
  }

  kill(cause: string): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    this.#disturb(`killed: ${cause}`, { untilMs: Infinity });
    this.#machinery.scheduler.drop(
      (stop) => stop.owner === this && !(stop.kind === 'request' && this.#isUnderWay()),
    );
    for (const tell of this.onDeath) tell();
  }

  freeze(forMs: number, stopsClock: boolean): void {
    const { scheduler } = this.#machinery;
    const untilMs = Math.max(this.frozenUntilMs, scheduler.nowMs + forMs);
    this.#disturb(`frozen for ${forMs}`, { untilMs, stopsClock });
    if (stopsClock) {
      const addedMs = untilMs - Math.max(this.frozenUntilMs, scheduler.nowMs);
      this.#stoppedMs += addedMs;
      scheduler.postpone(this, 'wait', addedMs);
    }
    this.frozenUntilMs = untilMs;
  }

  #dieAt(kind: 'request' | 'answer', label: string): Promise<void> {
    this.kill('chaos');
    const lands = kind === 'request' && this.#isUnderWay();
    return lands ? this.#pause(kind, label, this.#machinery.latencyMs()) : never();
  }

  #isUnderWay(): boolean {
    return this.#machinery.random.chance(0.5);
  }

  #disturb(what: string, said: { readonly untilMs: number; readonly stopsClock?: boolean }): void {
    const { scheduler } = this.#machinery;
    this.#disturbances.push({ stopsClock: false, ...said, atMs: scheduler.nowMs });
    scheduler.trace.add(`  ${this.name} is ${what}`);
  }

  #pause(kind: StopKind, label: string, delayMs: number): Promise<void> {
    const { scheduler } = this.#machinery;
    return new Promise((resolve) => {
      scheduler.add({
        owner: this,
        kind,
        label,
        readyAtMs: scheduler.nowMs + delayMs,
        go: resolve,
      });
    });
  }

  #wait(delayMs: number, signal?: AbortSignal): Promise<void> {
    if (!this.isAlive) return never();
    if (signal?.aborted === true) return Promise.resolve();
    const { scheduler } = this.#machinery;
    return new Promise((resolve) => {
      const readyAtMs = scheduler.nowMs + delayMs;
      const stop = { owner: this, kind: 'wait', label: 'wait', readyAtMs, go: resolve } as const;
      scheduler.add(stop);
      const end = () => {
        scheduler.drop((one) => one === stop);
        resolve();
      };
      signal?.addEventListener('abort', end, { once: true });
    });
  }
}

/** What a dead process waits for. */
export function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}
