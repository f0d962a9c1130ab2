import { setTimeout as pause } from 'node:timers/promises';
import type { Effects, JobHandler, OutboxJob } from '../../functions/src/outbox/index.ts';
import { DEFAULT_RETRY_POLICY } from '../../functions/src/outbox/index.ts';
import { hashText } from '../../functions/src/outbox/testing/simulation/random.ts';
import type { Journal } from './journal.ts';

/** The job types of these tests; `post` and `balance` jobs stand in lines. */
export type TestJobType = 'mail' | 'post' | 'push' | 'killer' | 'notif' | 'balance';

/** Whether a job's effects are outside Firestore. */
export function isExternal(jobId: string): boolean {
  return !/^(?:notif|balance):/.test(jobId);
}

/** What a test's job carries. */
export interface TestPayload {
  /** Its first attempt fails before anything is delivered. */
  readonly isFlaky?: boolean;
  /** Follow-on `push` jobs of a `notif`. */
  readonly children?: number;
  /** How a `killer` ends its process. */
  readonly dies?: 'exit' | 'SIGKILL';
}

/** Where transactional jobs leave one document for each run whose effects were written. */
export const EFFECTS = 'effects';

/** How long a handler takes, in real milliseconds: long enough to be killed in. */
const LEAST_MS = 20;
const MOST_MS = 200;

const policy = DEFAULT_RETRY_POLICY;
const ordered = { onDeadLetter: 'block' } as const;

/** The handlers as one worker process has them. */
export function createHandlers(worker: string, journal: Journal): readonly JobHandler[] {
  const note = (kind: 'began' | 'ended', { id: jobId, runId = '', runs }: OutboxJob): void =>
    journal.write({ kind, worker, jobId, runId, runs });
  const run = async (job: OutboxJob): Promise<void> => {
    const { isFlaky = false } = payloadOf(job);
    if (isFlaky && job.attempts === 1) throw new Error('The sink is not there yet.');
    note('began', job);
    await pause(LEAST_MS + (hashText(job.id, job.runs) % (MOST_MS - LEAST_MS + 1)));
    if (payloadOf(job).dies !== undefined) await die(job);
    note('ended', job);
  };
  const handle = async (job: OutboxJob): Promise<Effects> => {
    await run(job);
    return effectsOf(job);
  };
  const external = { kind: 'external', policy, onUnknownOutcome: 'retry', send: run } as const;
  const transactional = { kind: 'transactional', policy, handle } as const;
  const handlers: Record<TestJobType, JobHandler> = {
    mail: { ...external, jobType: 'mail' },
    push: { ...external, jobType: 'push' },
    killer: { ...external, jobType: 'killer' },
    post: { ...external, jobType: 'post', ordered },
    notif: { ...transactional, jobType: 'notif' },
    balance: { ...transactional, jobType: 'balance', ordered },
  };
  return Object.values(handlers);
}

function payloadOf({ payload }: OutboxJob): TestPayload {
  return payload ?? {};
}

/** Named after the run, so that effects that were written twice are two documents. */
function effectsOf(job: OutboxJob): Effects {
  const { children = 0 } = payloadOf(job);
  const { id: jobId, runId, orgId, metadata } = job;
  return {
    writes: [{ kind: 'create', path: `${EFFECTS}/${runId ?? ''}`, data: { jobId } }],
    jobs: Array.from({ length: children }, (_, n) => ({
      jobType: 'push',
      orgId,
      causeId: causeOf(job),
      recipientUid: `u${n}`,
      metadata,
    })),
  };
}

function causeOf({ id }: OutboxJob): string {
  return id.split(':').slice(2).join(':');
}

/** Takes the process, and whatever runs in it, along. */
async function die(job: OutboxJob): Promise<void> {
  if (payloadOf(job).dies === 'exit') process.exit(1);
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => undefined);
}
