import { SECOND_MS } from '#kernel';
import type { RunContext } from '../../model/handler.ts';
import type { OutboxJob } from '../../model/job.ts';
import type { Course, EndingCourse } from './courses.ts';
import { drawCourse, endAs, finish, isTaken } from './courses.ts';
import type { HandlerCall, Invocation } from './facts.ts';
import type { JobType } from './job-types.ts';
import { chokesItsBatch, killsItsWorker } from './job-types.ts';
import { beginCall, deliver } from './handling.ts';
import { never } from './process.ts';
import type { SeededRandom } from './random.ts';
import type { World } from './world.ts';

/** What a call with a batch does as a whole; `each`: every job fares as it may. */
type BatchCourse = 'each' | 'fail' | 'too slow' | 'hang' | 'too few';
type Outcomes = readonly PromiseSettledResult<unknown>[];

/** Runs of a handler that takes several jobs in one call, in one call of a function. */
export class BatchHandling {
  readonly #world: World;
  readonly #invocation: Invocation;
  readonly #type: JobType;

  constructor(world: World, invocation: Invocation, type: JobType) {
    this.#world = world;
    this.#invocation = invocation;
    this.#type = type;
  }

  async sendBatch(jobs: readonly OutboxJob[], { signal }: RunContext): Promise<Outcomes> {
    const world = this.#world;
    const { process, calls: atWork } = this.#invocation;
    const calls = jobs.map((job) => beginCall(world, this.#invocation, job, signal));
    world.judge.sentTogether(calls);
    const killer = jobs.find(killsItsWorker);
    if (killer !== undefined) {
      process.kill(`by ${killer.id}`);
      return never();
    }
    const [first] = jobs;
    const times = first === undefined ? 0 : world.judge.ledger.job(first.id).calls;
    const chance = world.random.fork(`batch of ${first?.id} call ${times}`);
    try {
      return await this.#send(calls, this.#drawCourse(jobs, chance), chance);
    } finally {
      for (const call of calls) atWork.delete(call);
    }
  }

  #drawCourse(jobs: readonly OutboxJob[], random: SeededRandom): BatchCourse {
    const { failShare, hangShare, shortAnswerShare } = this.#world.scenario;
    if (jobs.some(chokesItsBatch)) return 'fail';
    return random.weighted<BatchCourse>(
      {
        each: 1,
        fail: failShare / 2,
        'too slow': hangShare / 2,
        hang: hangShare,
        'too few': shortAnswerShare,
      },
      'each',
    );
  }

  async #send(
    calls: readonly HandlerCall[],
    course: BatchCourse,
    random: SeededRandom,
  ): Promise<Outcomes> {
    const { process } = this.#invocation;
    if (course === 'too slow') await process.spend(25 * SECOND_MS, 'send a batch late');
    await process.stop('request', `send ${calls.length}`, { canFail: false });
    if (course === 'fail') {
      await process.stop('answer', `refused ${calls.length}`, { canFail: false });
      for (const call of calls) finish(call, 'failure');
      throw new Error('cannot be encoded');
    }
    const courses = calls.map((call) => this.#drawCourseOf(call, random));
    for (const [index, call] of calls.entries()) {
      if (isTaken(courses[index] ?? 'ok')) deliver(this.#world, call);
    }
    await process.stop('answer', `sent ${calls.length}`, { canFail: false });
    if (course === 'hang') return never();
    if (course === 'too few') {
      for (const call of calls) finish(call, 'unknown');
      return calls.slice(1).map(() => ({ status: 'fulfilled', value: undefined }));
    }
    return Promise.allSettled(
      calls.map(async (call, index) => endAs(call, courses[index] ?? 'ok', random)),
    );
  }

  /** One job alone neither hangs nor takes its time: they are sent together. */
  #drawCourseOf({ job }: HandlerCall, random: SeededRandom): EndingCourse {
    const course: Course = drawCourse(this.#world, job.jobType, this.#type, random);
    return course === 'hang' ? 'ok' : course;
  }
}
