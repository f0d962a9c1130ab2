import type { DocumentTransaction } from '#kernel';
import { SECOND_MS } from '#kernel';
import type { Effects, RunContext } from '../../model/handler.ts';
import { jobId } from '../../model/job-id.ts';
import type { OutboxJob } from '../../model/job.ts';
import { askFor } from './asks.ts';
import type { Course } from './courses.ts';
import { drawCourse, endAs, finish, isTaken } from './courses.ts';
import type { HandlerCall, Invocation } from './facts.ts';
import type { JobType } from './job-types.ts';
import { childrenOf, killsItsWorker } from './job-types.ts';
import { never } from './process.ts';
import { COUNTER } from './promises/effects.ts';
import type { SeededRandom } from './random.ts';
import type { World } from './world.ts';

/** A handler is called with a job: everybody is told. */
export function beginCall(
  { judge, nowMs }: World,
  { calls }: Invocation,
  job: OutboxJob,
  signal: AbortSignal,
): HandlerCall {
  const call = judge.ledger.called(job, nowMs);
  judge.called(call);
  call.run.call = call;
  calls.add(call);
  signal.addEventListener('abort', () => {
    call.isAborted = true;
    calls.delete(call);
  });
  return call;
}

/** A sink has taken a job. */
export function deliver({ judge, nowMs }: World, { run, job }: HandlerCall): void {
  judge.delivered(job.id, { run, runs: job.runs, atMs: nowMs });
}

/** Runs of one type's handler in one call of a function, one job at a time. */
export class Handling {
  readonly #world: World;
  readonly #invocation: Invocation;
  readonly #type: JobType;

  constructor(world: World, invocation: Invocation, type: JobType) {
    this.#world = world;
    this.#invocation = invocation;
    this.#type = type;
  }

  send(job: OutboxJob, { signal }: RunContext): Promise<void> {
    return this.#run(job, signal, async (call, course, random) => {
      const { process } = this.#invocation;
      if (course === 'slow') await process.spend(random.int(1, 19) * SECOND_MS, `send ${job.id}`);
      if (course === 'too slow') await process.spend(25 * SECOND_MS, `send ${job.id} late`);
      if (course !== 'hang' || random.chance(0.5)) {
        await process.stop('request', `send ${job.id}`, { canFail: false });
        if (isTaken(course)) deliver(this.#world, call);
        await process.stop('answer', `sent ${job.id}`, { canFail: false });
      }
      await end(call, course, random);
    });
  }

  handle(job: OutboxJob, { signal }: RunContext): Promise<Effects> {
    return this.#run(job, signal, async (call, course, random) => {
      const { process } = this.#invocation;
      if (course === 'slow') await process.spend(random.int(1, 19) * SECOND_MS, `handle ${job.id}`);
      if (course === 'too slow') await process.spend(25 * SECOND_MS, `handle ${job.id} late`);
      await process.stop('answer', `handle ${job.id}`, { canFail: false });
      const isRefused = course === 'lose the answer';
      if (!isRefused) await end(call, course, random);
      else finish(call, 'refused');
      return this.#effectsOf(job, isRefused);
    });
  }

  transact(
    job: OutboxJob,
    transaction: DocumentTransaction,
    { signal }: RunContext,
  ): Promise<Effects['jobs']> {
    return this.#run(job, signal, async (call, course, random) => {
      const { process } = this.#invocation;
      const { jobs, writes } = this.#effectsOf(job, course === 'lose the answer');
      try {
        await countUp(transaction);
      } catch (error) {
        finish(call, 'failure');
        throw error;
      }
      if (course === 'slow') await process.spend(random.int(1, 19) * SECOND_MS, `count ${job.id}`);
      if (course === 'too slow') await process.spend(25 * SECOND_MS, `count ${job.id} late`);
      for (const write of writes) transaction[write.kind](write.path, write.data);
      if (course === 'lose the answer') finish(call, 'refused');
      else await end(call, course, random);
      return jobs;
    });
  }

  async #run<T>(
    job: OutboxJob,
    signal: AbortSignal,
    work: (call: HandlerCall, course: Course, random: SeededRandom) => Promise<T>,
  ): Promise<T> {
    const world = this.#world;
    const { process, calls } = this.#invocation;
    // A transaction runs its handler again, unseen, when others were quicker.
    const call =
      world.judge.ledger.run(job.runId)?.call ?? beginCall(world, this.#invocation, job, signal);
    if (killsItsWorker(job)) {
      process.kill(`by ${job.id}`);
      return never();
    }
    const chance = world.random.fork(`${job.id} call ${world.judge.ledger.job(job.id).calls}`);
    try {
      return await work(call, drawCourse(world, job.jobType, this.#type, chance), chance);
    } finally {
      calls.delete(call);
    }
  }

  #effectsOf(job: OutboxJob, isRefused: boolean) {
    const path = `effects/${job.id}~${job.runId}`;
    const effect = { kind: 'create', path, data: { jobId: job.id } } as const;
    const refused = { kind: 'update', path: 'effects/missing', data: {} } as const;
    return {
      writes: isRefused ? [effect, refused] : [effect],
      jobs: this.#type.fansOut === true ? this.#childrenOf(job) : [],
    };
  }

  #childrenOf(job: OutboxJob): Effects['jobs'] {
    const world = this.#world;
    const random = world.random.fork(`children of ${job.id}`);
    const children = childrenOf(job, world.scenario, random);
    world.judge.ledger.job(job.id).children = children.map(
      ({ recipientUid: recipient, ...parts }) => jobId({ ...parts, recipient }),
    );
    return children.map((child) => askFor(world, child, job));
  }
}

async function countUp(transaction: DocumentTransaction): Promise<void> {
  const { data } = await transaction.get(COUNTER);
  transaction.merge(COUNTER, { n: Number(data?.['n'] ?? 0) + 1 });
}

/** Comes back, throws, or never does either. */
async function end(call: HandlerCall, course: Course, random: SeededRandom): Promise<void> {
  if (course === 'hang') return never();
  endAs(call, course, random);
  return undefined;
}
