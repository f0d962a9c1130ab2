import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTaskQueue } from '../../functions/src/composition/task-queue.ts';
import { systemClock } from '../../functions/src/kernel/index.ts';
import { recordPendingJob } from '../../functions/src/outbox/index.ts';
import { addWrite } from '../../functions/src/kernel/firestore/index.ts';
import type { Firestore } from '../../functions/src/kernel/testing/emulator-firestore.ts';
import { openEmulatorFirestore } from '../../functions/src/kernel/testing/emulator-firestore.ts';
import { taskQueueContract } from '../../functions/src/outbox/testing/index.ts';
import { findErrors, formatFunctionLog } from '../../tools/local/function-log.ts';
import { QUICK_SETTINGS } from '../../tools/local/settings.ts';
import type { Stack } from '../../tools/local/stack.ts';
import { startStack } from '../../tools/local/stack.ts';
import { waitFor } from '../../tools/local/wait-for.ts';
import type { OwnQueue } from './own-queue.ts';
import { machineTimeMs, openOwnQueue } from './own-queue.ts';

const JOBS = 400;
const MAX_WORKERS = 2;
/** What a tick, and a worker each time it is called, works through. */
const JOBS_PER_RUN = 40;
const slots = { normal: 8, bulk: 4 };

let stack: Stack;
let firestore: Firestore;
let ownQueue: OwnQueue;

beforeAll(async () => {
  const env = {
    ...QUICK_SETTINGS,
    OUTBOX_PAGE_SIZE: '20',
    OUTBOX_MAX_JOBS_PER_RUN: String(JOBS_PER_RUN),
    OUTBOX_MAX_WORKERS: String(MAX_WORKERS),
  };
  stack = await startStack({ name: 'system-backlog', env });
  process.env['FIRESTORE_EMULATOR_HOST'] = `${stack.host}:${String(stack.ports.firestore)}`;
  process.env['GCLOUD_PROJECT'] = stack.projectId;
  process.env['CLOUD_TASKS_EMULATOR_HOST'] = `${stack.host}:${String(stack.ports.tasks)}`;
  process.env['METADATA_SERVER_DETECTION'] = 'none';
  firestore = openEmulatorFirestore();
  ownQueue = await openOwnQueue(stack);
});

afterAll(async () => {
  await ownQueue.close();
  await firestore.terminate();
  await stack.stop();
});

/** E-mails that are due, one for each of many tenants. */
async function addDueEmails(count: number, domain: string): Promise<void> {
  const batch = firestore.batch();
  for (let number = 0; number < count; number += 1) {
    const job = {
      jobType: 'email',
      orgId: `org${number}`,
      causeId: `${domain}${number}`,
      payload: { to: `u${number}@${domain}.test`, subject: 'Hello', text: 'Hello' },
      metadata: { correlationId: `c${number}` },
    };
    addWrite(firestore, batch, recordPendingJob(job, { slots, maxAttempts: 5 }));
  }
  await batch.commit();
}

/** How many e-mails were sent by the tick and by workers, each run counted. */
async function sentBy(): Promise<{ readonly tick: number; readonly task: number }> {
  const { docs } = await firestore.collection('outbox').where('status', '==', 'sent').get();
  const runs = docs.flatMap((row) => row.get('history') as readonly { by: string }[]);
  const by = (who: string): number => runs.filter((run) => run.by === who).length;
  return { tick: by('tick'), task: by('task') };
}

describe('a backlog', () => {
  test('is worked through by workers that one tick has called, and that call each other', async () => {
    await addDueEmails(JOBS, 'backlog');
    await stack.tick();
    // The tick keeps a third of the slots, and has run what it may; the rest needs no other tick.
    const sent = await waitFor(sentBy, ({ tick, task }) => tick + task >= JOBS * 0.6, {
      what: 'most e-mails to be sent',
      timeoutMs: 90_000,
    });
    expect(sent.tick).toBeLessThanOrEqual(JOBS_PER_RUN);
    expect(sent.task).toBeGreaterThan(MAX_WORKERS * JOBS_PER_RUN);

    const all = await waitFor(
      async () => {
        await stack.tick();
        return sentBy();
      },
      ({ tick, task }) => tick + task >= JOBS,
      { what: 'every e-mail to be sent', timeoutMs: 90_000, pollMs: 500 },
    );
    expect(all.tick + all.task).toBe(JOBS);
    expect(findErrors(stack.functionsLog).map((entry) => formatFunctionLog(entry))).toEqual([]);
  });

  test('has no more workers at once than the setting says', async () => {
    const response = await fetch(`http://${stack.host}:${String(stack.ports.tasks)}/queueStats`);
    const queues = (await response.json()) as Record<string, { readonly maxConcurrent: number }>;
    const queue = Object.entries(queues).find(([name]) => name.endsWith('outboxWorker'));
    expect(queue?.[1].maxConcurrent).toBe(MAX_WORKERS);
  });
});

taskQueueContract(
  'of Cloud Tasks',
  async () => ({
    queue: createTaskQueue(ownQueue.functionName),
    unreachable: createTaskQueue(`${ownQueue.functionName}-that-is-none`),
    calls: () => ownQueue.calls,
    nowMs: machineTimeMs,
    pass: (ms) => systemClock.wait(ms),
  }),
  // The emulator calls at once, whatever it is told.
  { keepsTimes: false },
);
