import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { LOCAL_DIR } from '../../tools/paths.ts';
import type { Journal } from './journal.ts';
import type { WorkerOrders } from './orders.ts';
import { writeOrders } from './orders.ts';

const WORKER = join(import.meta.dirname, 'worker.ts');

interface Place {
  readonly index: number;
  started: number;
  child: ChildProcess;
  name: string;
  isReady: boolean;
}

/** What all workers are told. */
type FleetOrders = Pick<WorkerOrders, 'time' | 'settings'>;

/** Worker processes in numbered places; whichever dies is replaced by a new one at once. */
export class Fleet {
  readonly #journal: Journal;
  readonly #orders: FleetOrders;
  readonly #log: number;
  readonly #places: Place[] = [];
  #size = 0;
  readonly #killed = new Set<ChildProcess>();
  #isStopping = false;

  constructor(
    orders: FleetOrders,
    { journal, logPath }: { readonly journal: Journal; readonly logPath: string },
  ) {
    this.#orders = orders;
    this.#journal = journal;
    this.#log = openSync(logPath, 'a');
  }

  start(size: number): void {
    this.#size = size;
    for (let index = 0; index < size; index += 1) {
      this.#places.push({ index, started: 1, isReady: false, ...this.#spawn(index, 1) });
      this.#watch(index);
    }
  }

  /** The places whose process has begun to work. */
  get ready(): number[] {
    return this.#places.filter(({ isReady }) => isReady).map(({ index }) => index);
  }

  get size(): number {
    return this.#size;
  }

  /** Whether every place has a process at work. */
  get isWhole(): boolean {
    return this.ready.length === this.#size;
  }

  /** Kills the process in a place and waits until it is gone. */
  async kill(index: number): Promise<void> {
    const { child } = this.#placeAt(index);
    this.#killed.add(child);
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  /** Asks the process in a place to end, and answers its exit code; another takes the place. */
  async terminate(index: number): Promise<number | null> {
    const { child } = this.#placeAt(index);
    this.#killed.add(child);
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const [code] = (await exited) as [number | null];
    return code;
  }

  /** Tells a process of jobs to run at once. One that dies meanwhile never hears of it, as a trigger may. */
  trigger(index: number, jobIds: readonly string[]): void {
    const { child } = this.#placeAt(index);
    if (child.connected) child.send({ jobIds }, () => undefined);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#places.map(({ index }) => this.kill(index)));
    closeSync(this.#log);
  }

  #spawn(place: number, started: number): { readonly name: string; readonly child: ChildProcess } {
    const name = `w${place}.${started}`;
    const whose = { name, place, places: this.#size, journal: this.#journal.path };
    const orders = writeOrders({ ...this.#orders, ...whose });
    const child = fork(WORKER, {
      env: { ...process.env, ...orders, NODE_COMPILE_CACHE: join(LOCAL_DIR, 'faults', 'compiled') },
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', this.#log, this.#log, 'ipc'],
    });
    return { name, child };
  }

  #watch(index: number): void {
    const place = this.#placeAt(index);
    const { child, name } = place;
    child.once('message', () => (place.isReady = true));
    // Sending to a process that is just dying is an error of the channel, and no news.
    child.on('error', () => undefined);
    child.once('exit', (code, signal) => {
      place.isReady = false;
      if (this.#isStopping) return;
      const by = this.#killed.has(child) ? 'test' : 'itself';
      this.#journal.write({ kind: 'died', worker: name, by, how: signal ?? `code ${code}` });
      place.started += 1;
      Object.assign(place, this.#spawn(index, place.started));
      this.#watch(index);
    });
  }

  #placeAt(index: number): Place {
    const place = this.#places[index];
    if (place === undefined) throw new Error(`There is no place ${index}.`);
    return place;
  }
}
