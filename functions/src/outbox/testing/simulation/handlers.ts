import type { DocumentWrite } from '#kernel';
import type { Effects, HandlerLookup, JobHandler } from '../../model/handler.ts';
import type { OutboxJob } from '../../model/job.ts';
import { BatchHandling } from './batch-handling.ts';
import type { DeadLetterFate, Invocation } from './facts.ts';
import { Handling } from './handling.ts';
import type { JobType } from './job-types.ts';
import { jobTypeOf, policyOf } from './job-types.ts';
import { deadLetterPath } from './promises/dead-letters.ts';
import type { World } from './world.ts';

/** The handlers that one call of a function knows; `isNew`: those of the code that came last, too. */
export function createHandlers(
  world: World,
  invocation: Invocation,
  isNew: boolean,
): HandlerLookup {
  const known = new Map<string, JobHandler>();
  return (jobType) => {
    const type = jobTypeOf(jobType);
    if (type === undefined || (type.isNew === true && !isNew)) return undefined;
    // The same one every time, as a deployment's are.
    const handler = known.get(jobType) ?? handlerOf(jobType, type, { world, invocation });
    known.set(jobType, handler);
    return handler;
  };
}

function handlerOf(
  jobType: string,
  type: JobType,
  { world, invocation }: { readonly world: World; readonly invocation: Invocation },
): JobHandler {
  const policy = policyOf(type);
  const onDeadLetter =
    type.marksDeadLetters === true ? (job: OutboxJob) => markDeadLetter(world, job) : undefined;
  const { sink, onUnknownOutcome, maxBatchSize, ordered: rule } = type;
  const external = {
    kind: 'external',
    jobType,
    policy,
    onDeadLetter,
    sink,
    onUnknownOutcome,
  } as const;
  if (maxBatchSize !== undefined) {
    const handling = new BatchHandling(world, invocation, type);
    return {
      ...external,
      maxBatchSize,
      sendBatch: (jobs, context) => handling.sendBatch(jobs, context),
    };
  }
  const handling = new Handling(world, invocation, type);
  const ordered = rule === undefined ? undefined : { onDeadLetter: rule };
  const transactional = { kind: 'transactional', jobType, policy, onDeadLetter, ordered } as const;
  if (type.transacts === true) {
    return {
      ...transactional,
      transact: (job, transaction, context) => handling.transact(job, transaction, context),
    };
  }
  return type.kind === 'external'
    ? { ...external, ordered, send: (job, context) => handling.send(job, context) }
    : { ...transactional, handle: (job, context) => handling.handle(job, context) };
}

const FATES: Readonly<Record<DeadLetterFate, number>> = {
  written: 0.8,
  refused: 0.1,
  'not made': 0.1,
};

/** What is to be written beside a dead letter, always the same for the same one. */
function markDeadLetter(
  { random, judge }: World,
  job: OutboxJob,
): Pick<Effects, 'writes' | 'jobs'> {
  const path = deadLetterPath(job);
  const fate = random.fork(path).weighted<DeadLetterFate>(FATES, 'written');
  judge.ledger.deadLetters.set(path, fate);
  if (fate === 'not made') throw new Error('nothing comes to its mind');
  const mark: DocumentWrite = { kind: 'create', path, data: { jobId: job.id } };
  const refused: DocumentWrite = { kind: 'update', path: 'dead/missing', data: {} };
  return { writes: fate === 'written' ? [mark] : [mark, refused], jobs: [] };
}
