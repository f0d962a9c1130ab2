import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFirestoreEmulator } from '../test/jest/firestore-emulator.ts';
import type { WorkerProcess } from './worker-process.ts';
import { startWorker } from './worker-process.ts';

/** Where everything is measured: an emulator of its own, and two worker processes. */
export interface Stage {
  readonly workers: readonly [WorkerProcess, WorkerProcess];
  /** One more, for a single measurement; ended by who asks for it. */
  readonly startWorker: () => WorkerProcess;
  /** Aborted by `close`: what else was started for this run ends with it. */
  readonly closed: AbortSignal;
  readonly close: () => Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const emulator = await startFirestoreEmulator();
  // What they archive goes there: what an earlier run left would be restored with it.
  const temporary = mkdtempSync(join(tmpdir(), 'outbox-bench-'));
  const start = (): WorkerProcess => startWorker(emulator.address, temporary);
  const workers = [start(), start()] as const;
  const closing = new AbortController();
  return {
    workers,
    startWorker: start,
    closed: closing.signal,
    close: async () => {
      closing.abort();
      await Promise.all(workers.map((worker) => worker.stop()));
      await emulator.stop();
      rmSync(temporary, { recursive: true, force: true });
    },
  };
}
