import { SECOND_MS } from '#kernel';
import type { Effects, HandlerLookup, JobHandler, RunContext } from '../../model/handler.ts';
import { PermanentError, RetryAfterError } from '../../model/handler.ts';
import { jobId } from '../../model/job-id.ts';
import type { OutboxJob } from '../../model/job.ts';
import type { CallResult, HandlerCall, Invocation } from './facts.ts';
import type { JobType } from './job-types.ts';
import { childrenOf, jobTypeOf, LONGEST_WAIT_MS, policyOf } from './job-types.ts';
import { never } from './process.ts';
import type { SeededRandom } from './random.ts';
import type { World } from './world.ts';

/** What a run of a handler may do, as chance has it, and its result where it comes to one. */
const RESULTS = {
  ok: 'ok',
  slow: 'ok',
  'too slow': 'ok',
  fail: 'failure',
  'lose the answer': 'failure',
  permanent: 'permanent',
  'retry-after': 'retry-after',
} as const;
type Course = keyof typeof RESULTS | 'hang';

/** The handlers that one call of a function knows; `isNew`: those of the code that came last, too. */
export function createHandlers(
  world: World,
  invocation: Invocation,
  isNew: boolean,
): HandlerLookup {
  return (jobType) => {
    const type = jobTypeOf(jobType);
    if (type === undefined || (type.isNew === true && !isNew)) return undefined;
    return handlerOf(jobType, type, new Handling(world, invocation, type));
  };
}

function handlerOf(jobType: string, type: JobType, handling: Handling): JobHandler {
  const { ordered: onDeadLetter } = type;
  const ordered = onDeadLetter === undefined ? undefined : { onDeadLetter };
  const declared = { jobType, policy: policyOf(type), ordered };
  return type.kind === 'transactional'
    ? {
        ...declared,
        kind: 'transactional',
        handle: (job, context) => handling.handle(job, context),
      }
    : {
        ...declared,
        kind: 'external',
        onUnknownOutcome: type.onUnknownOutcome,
        send: (job, context) => handling.send(job, context),
      };
}

/** Runs of one type's handler in one call of a function. */
class Handling {
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
        if (isTaken(course)) this.#deliver(call);
        await process.stop('answer', `sent ${job.id}`, { canFail: false });
      }
      await this.#end(call, course, random);
    });
  }

  handle(job: OutboxJob, { signal }: RunContext): Promise<Effects> {
    return this.#run(job, signal, async (call, course, random) => {
      const { process } = this.#invocation;
      if (course === 'slow') await process.spend(random.int(1, 19) * SECOND_MS, `handle ${job.id}`);
      if (course === 'too slow') await process.spend(25 * SECOND_MS, `handle ${job.id} late`);
      await process.stop('answer', `handle ${job.id}`, { canFail: false });
      const isRefused = course === 'lose the answer';
      if (!isRefused) await this.#end(call, course, random);
      else finish(call, 'refused');
      return this.#effectsOf(job, isRefused);
    });
  }

  async #run<T>(
    job: OutboxJob,
    signal: AbortSignal,
    work: (call: HandlerCall, course: Course, random: SeededRandom) => Promise<T>,
  ): Promise<T> {
    const { judge, random, nowMs } = this.#world;
    const call = judge.ledger.called(job, nowMs);
    judge.called(call);
    call.run.call = call;
    const { process, calls } = this.#invocation;
    calls.add(call);
    signal.addEventListener('abort', () => {
      call.isAborted = true;
      calls.delete(call);
    });
    if (this.#type.kills === true) {
      process.kill(`by ${job.id}`);
      return never();
    }
    const chance = random.fork(`${job.id} call ${judge.ledger.job(job.id).calls}`);
    try {
      return await work(call, this.#draw(chance), chance);
    } finally {
      calls.delete(call);
    }
  }

  #draw(random: SeededRandom): Course {
    const { scenario } = this.#world;
    return random.weighted<Course>(
      {
        ok: 1,
        fail: scenario.failShare,
        'lose the answer': scenario.answerLossShare,
        hang: scenario.hangShare,
        slow: scenario.slowShare,
        'too slow': scenario.hangShare / 2,
        permanent: scenario.permanentShare,
        'retry-after': scenario.retryAfterShare,
      },
      'ok',
    );
  }

  #deliver({ run, job }: HandlerCall): void {
    const { judge, nowMs } = this.#world;
    judge.delivered(job.id, { run, runs: job.runs, atMs: nowMs });
  }

  /** Comes back, throws, or never does either. */
  async #end(call: HandlerCall, course: Course, random: SeededRandom): Promise<void> {
    if (course === 'hang') return never();
    finish(call, RESULTS[course]);
    if (course === 'permanent') throw new PermanentError('no such address');
    if (course === 'retry-after') {
      throw new RetryAfterError(random.int(1, LONGEST_WAIT_MS), 'too many requests');
    }
    if (RESULTS[course] === 'failure') throw new Error('connection reset');
    return undefined;
  }

  #effectsOf(job: OutboxJob, isRefused: boolean): Effects {
    const path = `effects/${job.id}~${job.runId}`;
    const effect = { kind: 'create', path, data: { jobId: job.id } } as const;
    const refused = { kind: 'update', path: 'effects/missing', data: {} } as const;
    return {
      writes: isRefused ? [effect, refused] : [effect],
      jobs: this.#type.fansOut === true ? this.#childrenOf(job) : [],
    };
  }

  #childrenOf(job: OutboxJob): Effects['jobs'] {
    const { scenario, random, judge } = this.#world;
    const children = childrenOf(job, scenario, random.fork(`children of ${job.id}`));
    judge.ledger.job(job.id).children = children.map(({ recipientUid: recipient, ...parts }) =>
      jobId({ ...parts, recipient }),
    );
    return children;
  }
}

/** What came too late is nobody's result. */
function finish(call: HandlerCall, result: CallResult): void {
  if (!call.isAborted) call.result = result;
}

function isTaken(course: Course): boolean {
  return course !== 'fail' && course !== 'permanent' && course !== 'retry-after';
}
