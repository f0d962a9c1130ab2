import { hashText } from './random.ts';

/** Whoever takes steps: a process of ours, or the world itself. */
export interface Owner {
  readonly name: string;
  /** None of its steps is taken before. */
  readonly frozenUntilMs: number;
}

/**
 * Where somebody stands still: before a request takes effect (it may take effect although its sender is
 * dead by then), before its answer arrives, or waiting for the time to pass.
 */
export type StopKind = 'request' | 'answer' | 'wait';

/** One step that is still to be taken. */
export interface Stop {
  readonly owner: Owner;
  readonly kind: StopKind;
  readonly label: string;
  readyAtMs: number;
  readonly go: () => void;
}

/** Everything that happened, as a hash, and as text if asked for. */
export class Trace {
  readonly lines: string[] = [];
  readonly #keep: boolean;
  #hash = 0;

  constructor(keep: boolean) {
    this.#keep = keep;
  }

  add(line: string): void {
    this.#hash = hashText(line, this.#hash);
    if (this.#keep) this.lines.push(line);
  }

  get hash(): string {
    return this.#hash.toString(16).padStart(8, '0');
  }
}

/** Takes one step at a time, the earliest first; time passes only between steps. */
export class Scheduler {
  readonly startMs: number;
  readonly trace: Trace;
  nowMs: number;
  steps = 0;
  /** Who takes the present step. */
  current: Owner | undefined;
  #stops: Stop[] = [];

  constructor(startMs: number, trace: Trace) {
    this.startMs = startMs;
    this.nowMs = startMs;
    this.trace = trace;
  }

  add(stop: Stop): void {
    this.#stops.push(stop);
  }

  /** Takes out the stops that `isOver` says are. */
  drop(isOver: (stop: Stop) => boolean): void {
    this.#stops = this.#stops.filter((stop) => !isOver(stop));
  }

  postpone(owner: Owner, kind: StopKind, byMs: number): void {
    for (const stop of this.#stops) {
      if (stop.owner === owner && stop.kind === kind) stop.readyAtMs += byMs;
    }
  }

  /** Takes steps until `isDone` or nobody has one to take. */
  async runUntil(isDone: () => boolean): Promise<void> {
    while (!isDone()) {
      const stop = this.#earliest();
      if (stop === undefined) return;
      await this.#take(stop);
    }
  }

  /** Takes all steps through `ms`, which it is then. */
  async runThrough(ms: number, isDone: () => boolean): Promise<void> {
    for (;;) {
      const stop = this.#earliest();
      if (isDone()) return;
      if (stop === undefined || timeOf(stop) > ms) break;
      await this.#take(stop);
    }
    this.nowMs = Math.max(this.nowMs, ms);
  }

  #earliest(): Stop | undefined {
    let earliest: Stop | undefined;
    let atMs = Infinity;
    for (const stop of this.#stops) {
      const readyMs = timeOf(stop);
      if (readyMs >= atMs) continue;
      earliest = stop;
      atMs = readyMs;
    }
    return earliest;
  }

  async #take(stop: Stop): Promise<void> {
    this.#stops.splice(this.#stops.indexOf(stop), 1);
    this.nowMs = Math.max(this.nowMs, timeOf(stop));
    this.steps += 1;
    this.current = stop.owner;
    this.trace.add(`${this.nowMs - this.startMs} ${stop.owner.name}: ${stop.label}`);
    stop.go();
    // All that follows at once has happened when the event loop comes round.
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    this.current = undefined;
  }
}

function timeOf({ readyAtMs, owner }: Stop): number {
  return Math.max(readyAtMs, owner.frozenUntilMs);
}
