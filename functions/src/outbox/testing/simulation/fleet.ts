import type { Ids } from '#kernel';
import type { Runner } from '../../model/job.ts';
import type { Worker } from '../../processor/worker.ts';
import { createProcessor, openWorker } from '../../processor/worker.ts';
import type { Invocation } from './facts.ts';
import { createHandlers } from './handlers.ts';
import { Instance } from './instance.ts';
import { settingsOf } from './scenario.ts';
import { checkWoken } from './woken.ts';
import type { World } from './world.ts';

/** A deployed function: how it is called and how long a call may take. */
export interface Service {
  readonly by: Runner;
  /** Calls at a time per instance. */
  readonly concurrency: number;
  readonly timeoutMs: number;
  readonly budgetMs: number;
}

/** The instances of one function: started when needed, thrown away when idle. */
export class Fleet {
  readonly #world: World;
  readonly #service: Service;
  readonly #instances: Instance[] = [];
  #booted = 0;
  #invoked = 0;

  constructor(world: World, service: Service) {
    this.#world = world;
    this.#service = service;
  }

  /** Calls the function once; an error that the database did not cause is an accusation. */
  invoke(
    work: (worker: Worker, instance: Instance) => Promise<unknown>,
    ended: () => void = () => undefined,
  ): Invocation {
    const { by, timeoutMs } = this.#service;
    const world = this.#world;
    const instance = this.#instance();
    this.#invoked += 1;
    const name = `${instance.process.name}/${this.#invoked}`;
    const invocation: Invocation = {
      name,
      by,
      process: instance.process,
      startedAtMs: world.nowMs,
      circuits: instance.circuits,
      calls: new Set(),
    };
    world.judge.ledger.invocations.push(invocation);
    instance.calls += 1;
    world.start(name, work(this.#worker(instance, invocation), instance), () => {
      invocation.endedAtMs = world.nowMs;
      instance.calls -= 1;
      checkWoken(world, invocation);
      ended();
    });
    world.at(world.nowMs + timeoutMs, `${name} is over`, () => this.#endLate(invocation));
    return invocation;
  }

  /** The platform gives up on a call that takes too long; its instance may go on all the same. */
  #endLate({ name, process, endedAtMs, startedAtMs }: Invocation): void {
    if (endedAtMs !== undefined || !process.isAlive) return;
    if (!process.isDisturbedSince(startedAtMs)) {
      this.#world.judge.accuse('a call ends in its time', name);
    }
    if (!this.#world.faults.isOver && this.#world.random.chance(0.5)) process.kill('platform');
  }

  #instance(): Instance {
    const { random, faults } = this.#world;
    const { concurrency } = this.#service;
    const free = this.#instances.find(
      ({ process, stopping, calls }) =>
        process.isAlive && !stopping.signal.aborted && calls < concurrency,
    );
    const isThrownAway = !faults.isOver && random.chance(0.1);
    return free === undefined || isThrownAway ? this.#boot() : free;
  }

  #boot(): Instance {
    const world = this.#world;
    this.#booted += 1;
    const process = world.process(`${this.#service.by}${this.#booted}`);
    const share = (world.nowMs - world.scheduler.startMs) / (world.scenario.minutes * 60_000);
    const instance = new Instance(
      world,
      process,
      world.faults.isOver || world.random.chance(share),
    );
    this.#instances.push(instance);
    world.instances.push(instance);
    return instance;
  }

  #worker(instance: Instance, invocation: Invocation): Worker {
    const { process, store, controls, circuits, scaleOut, stopping, isNew } = instance;
    const { logger, random, scenario } = this.#world;
    const { by, budgetMs } = this.#service;
    const processor = createProcessor({
      store,
      clock: process.clock,
      ids: this.#idsOf(invocation),
      random: random.fork(invocation.name),
      logger,
      settings: settingsOf(scenario),
      breakers: circuits,
      stopping: stopping.signal,
    });
    const handlers = createHandlers(this.#world, invocation, isNew);
    return openWorker({ ...processor, controls, scaleOut }, { by, handlers, budgetMs });
  }

  /** Ids that tell which call made them. */
  #idsOf(invocation: Invocation): Ids {
    const { judge } = this.#world;
    let made = 0;
    const next = (): string => {
      made += 1;
      const id = `${invocation.name}.${made}`;
      judge.ledger.made(id, invocation, this.#world.nowMs);
      return id;
    };
    return { documentId: next, correlationId: next };
  }
}
