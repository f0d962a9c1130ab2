import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DEFAULT_SETTINGS } from '../functions/src/composition/settings.ts';
import type { Answer, Question, Tasks } from './worker/tasks.ts';

type Input<Name extends keyof Tasks> = Parameters<Tasks[Name]>;

/** Asks a worker process to do something, and waits for what it answers. */
export interface WorkerProcess {
  ask<Name extends keyof Tasks>(task: Name, ...input: Input<Name>): ReturnType<Tasks[Name]>;
  stop(): Promise<void>;
}

/**
 * Starts a process that works on the emulator at `address` as a deployed instance does on Firestore; its temporary files
 * are in the folder `temporary`.
 */
export function startWorker(address: string, temporary: string): WorkerProcess {
  const settings = Object.entries(DEFAULT_SETTINGS).map(
    ([name, value]) => [name, String(value)] as const,
  );
  const child = fork(join(import.meta.dirname, 'worker', 'main.ts'), {
    // Its log goes where a deployed one costs nothing more than being written.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...process.env,
      ...Object.fromEntries(settings),
      FIRESTORE_EMULATOR_HOST: address,
      GCLOUD_PROJECT: 'demo-outbox-bench',
      TMPDIR: temporary,
      TEMP: temporary,
      METADATA_SERVER_DETECTION: 'none',
    },
  });
  return {
    ask: (task, ...input) => ask(child, { task, input }) as never,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      // It works on a database of nobody; asked to end it would, like an instance, end its work first.
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function ask(child: ChildProcess, question: Question): Promise<unknown> {
  const abort = new AbortController();
  const { signal } = abort;
  const answered = once(child, 'message', { signal });
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`A worker ended with ${String(code)} while it was asked to ${question.task}.`);
  });
  try {
    child.send(question);
    const [answer] = (await Promise.race([answered, ended])) as [Answer];
    if ('error' in answer) throw new Error(`${question.task}: ${answer.error}`);
    return answer.result;
  } finally {
    abort.abort();
    await Promise.allSettled([answered, ended]);
  }
}
