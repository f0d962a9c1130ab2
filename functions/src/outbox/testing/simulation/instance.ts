import { ControlsCache } from '../../processor/controls-cache.ts';
import type { Breakers } from '../../processor/breakers.ts';
import { createBreakers } from '../../processor/breakers.ts';
import { createProcessorLogs } from '../../processor/logs.ts';
import { ScaleOut } from '../../processor/scale-out.ts';
import type { SweepMemory } from '../../processor/sweep.ts';
import type { OutboxStore } from '../../store.ts';
import type { Process } from './process.ts';
import { tellToEnd } from './stops.ts';
import { storeOf } from './store-of.ts';
import type { World } from './world.ts';

const OPEN_MS = 30_000;

/** One instance of a function, with what it remembers between calls. */
export class Instance {
  readonly process: Process;
  readonly store: OutboxStore;
  readonly controls: ControlsCache;
  readonly circuits: WatchedBreakers;
  readonly scaleOut: ScaleOut | undefined;
  readonly stopping = new AbortController();
  /** Whether it runs the code that came last. */
  readonly isNew: boolean;
  /** How many calls it is at. */
  calls = 0;
  readonly #memories = new Map<string, SweepMemory>();

  constructor(world: World, process: Process, isNew: boolean) {
    this.process = process;
    this.isNew = isNew;
    this.store = storeOf(world, process);
    this.controls = new ControlsCache(this.store, process.clock);
    const settings = { failuresInARow: world.scenario.breakerFailures, openMs: OPEN_MS };
    const logs = createProcessorLogs(world.logger);
    this.circuits = new WatchedBreakers(createBreakers(process.clock, logs, settings));
    const parts = world.calls.partsFor(process);
    this.scaleOut = parts && new ScaleOut(parts);
    process.onToldToEnd = () => tellToEnd(world, this);
  }

  /** What it remembers of sweeps of these slots; of all where none are said. */
  memoryOf(slots: readonly number[] = []): SweepMemory {
    const key = slots.join();
    const memory = this.#memories.get(key) ?? { lastFromZeroElapsedMs: undefined };
    this.#memories.set(key, memory);
    return memory;
  }
}

/** Circuits, with somebody who sees which calls are probes. */
class WatchedBreakers implements Breakers {
  readonly openMs: number;
  /** Whether the call that begins at this moment is a probe. */
  isProbing = false;
  probes = 0;
  readonly #breakers: Breakers;

  constructor(breakers: Breakers) {
    this.#breakers = breakers;
    this.openMs = breakers.openMs;
  }

  openForMs(sink: string): number {
    return this.#breakers.openForMs(sink);
  }

  guard: Breakers['guard'] = (sink, call) =>
    this.#breakers.guard(sink, (isProbe) => {
      this.isProbing = isProbe;
      if (isProbe) this.probes += 1;
      try {
        return call(isProbe);
      } finally {
        this.isProbing = false;
      }
    });
}
