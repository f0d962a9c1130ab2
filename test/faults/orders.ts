import type { ProcessorSettings } from '../../functions/src/outbox/index.ts';
import type { FastTime } from './fast-time.ts';

/** What a worker process is told at its start. */
export interface WorkerOrders {
  /** Unique for each process: `w2.5` is the fifth one in place 2. */
  readonly name: string;
  /** Which of the fleet's places it has, and how many there are. */
  readonly place: number;
  readonly places: number;
  /** Path of the journal that all processes append to. */
  readonly journal: string;
  readonly time: FastTime;
  readonly settings: ProcessorSettings;
}

/** What a worker process is sent while it runs: jobs that were just committed. */
export interface TriggerMessage {
  readonly jobIds: readonly string[];
}

const VARIABLE = 'FAULTS_WORKER';

export function writeOrders(orders: WorkerOrders): Readonly<Record<string, string>> {
  return { [VARIABLE]: JSON.stringify(orders) };
}

export function readOrders(): WorkerOrders {
  return JSON.parse(process.env[VARIABLE] ?? '') as WorkerOrders;
}
