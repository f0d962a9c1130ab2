import { PermanentError, RetryAfterError, UnroutableError } from '../../model/handler-errors.ts';
import type { CallResult, HandlerCall } from './facts.ts';
import type { JobType } from './job-types.ts';
import { LONGEST_WAIT_MS, sinkNameOf } from './job-types.ts';
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
  'not known yet': 'unroutable',
} as const satisfies Record<string, CallResult>;

export type EndingCourse = keyof typeof RESULTS;
export type Course = EndingCourse | 'hang';

/** What this run does; where its sink is down, it fails. */
export function drawCourse(
  { scenario, sinks }: World,
  jobType: string,
  type: JobType,
  random: SeededRandom,
): Course {
  if (type.kind === 'external' && sinks.isDown(sinkNameOf(jobType, type))) return 'fail';
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
      'not known yet': scenario.unknownShare,
    },
    'ok',
  );
}

/** Whether the sink has it, whatever it says. */
export function isTaken(course: Course): boolean {
  return course === 'hang' || course === 'lose the answer' || RESULTS[course] === 'ok';
}

/** Takes down how it ended; throws what a handler throws then. */
export function endAs(call: HandlerCall, course: EndingCourse, random: SeededRandom): void {
  finish(call, RESULTS[course]);
  if (course === 'not known yet') throw new UnroutableError('a version of tomorrow');
  if (course === 'permanent') throw new PermanentError('no such address');
  if (course === 'retry-after') {
    throw new RetryAfterError(random.int(1, LONGEST_WAIT_MS), 'too many requests');
  }
  if (RESULTS[course] === 'failure') throw new Error('connection reset');
}

/** What came too late is nobody's result. */
export function finish(call: HandlerCall, result: CallResult): void {
  if (!call.isAborted) call.result = result;
}
