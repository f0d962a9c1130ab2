import { answerOf } from '../api/answer.ts';
import type { components } from '../api/contract.ts';
import type { Context } from '../context.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { describeOutcome, paintStatus, type AnyJob } from '../jobs/job.ts';
import type { Output } from '../output/output.ts';
import { formatTree, type Branch } from '../output/tree.ts';
import { clean, formatTime, shorten } from '../output/text.ts';
import { entityOf } from './show-event.ts';

type Node = components['schemas']['CausationNode'];

/** Each event costs a call: of larger trees the rest is drawn without its jobs. */
const EVENTS_WITH_JOBS = 200;
const AT_A_TIME = 8;

/** `outbox trace` */
export async function traceEvent(
  context: Context,
  eventId: string,
  orgId: string,
): Promise<ExitCode> {
  const { api, output } = context;
  const params = { path: { eventId }, header: { 'X-Org-Id': orgId } };
  const tree = await answerOf(api.GET('/v1/events/{eventId}/causation', { params }));
  const eventIds = allEvents(tree.roots);
  const jobs = await readJobs(context, eventIds.slice(0, EVENTS_WITH_JOBS), orgId);
  output.show({ ...tree, jobs: Object.fromEntries(jobs) }, () =>
    formatTree(tree.roots.map((root) => branchOf(root, { jobs, asked: eventId, output }))),
  );
  if (tree.truncated) output.note('There are more events of this correlation than these.');
  if (eventIds.length > EVENTS_WITH_JOBS) {
    output.note(
      `The jobs of the first ${EVENTS_WITH_JOBS} of ${eventIds.length} events are shown.`,
    );
  }
  return EXIT_CODES.ok;
}

/** The ids of a tree, from the top down. */
function allEvents(roots: readonly Node[]): string[] {
  const found: string[] = [];
  const open = [...roots].toReversed();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    found.push(node.event.eventId);
    open.push(...node.effects.toReversed());
  }
  return found;
}

type Jobs = ReadonlyMap<string, readonly AnyJob[]>;

async function readJobs(
  { api }: Context,
  eventIds: readonly string[],
  orgId: string,
): Promise<Jobs> {
  const jobs = new Map<string, readonly AnyJob[]>();
  for (let at = 0; at < eventIds.length; at += AT_A_TIME) {
    const calls = eventIds.slice(at, at + AT_A_TIME).map(async (eventId) => {
      const params = { path: { eventId }, header: { 'X-Org-Id': orgId } };
      const answer = await answerOf(api.GET('/v1/events/{eventId}/jobs', { params }));
      return [eventId, answer.jobs] as const;
    });
    for (const [eventId, found] of await Promise.all(calls)) jobs.set(eventId, found);
  }
  return jobs;
}

interface Drawing {
  readonly jobs: Jobs;
  readonly asked: string;
  readonly output: Output;
}

/** The tree of an answer is no deeper than JSON can be read. */
function branchOf({ event, causeMissing, causesItself, effects }: Node, drawing: Drawing): Branch {
  const { jobs, asked, output } = drawing;
  const notes = [
    ...(causeMissing ? ['its cause is not here'] : []),
    ...(causesItself ? ['it is its own cause'] : []),
    ...(event.eventId === asked ? ['← asked for'] : []),
  ];
  const words = [event.eventType, entityOf(event), event.eventId, formatTime(event.recordedAt)];
  const text = clean([...words, ...notes].join('  '));
  return {
    text: event.eventId === asked ? output.paint('bold', text) : text,
    below: [
      ...(jobs.get(event.eventId) ?? []).map((job) => ({ text: lineOf(job, output), below: [] })),
      ...effects.map((effect) => branchOf(effect, drawing)),
    ],
  };
}

const LONGEST_OUTCOME = 100;

function lineOf(job: AnyJob, output: Output): string {
  const status = paintStatus(output, job.status);
  const outcome = shorten(clean(describeOutcome(job)), LONGEST_OUTCOME);
  return `⚙ ${clean(job.id)}  ${status}  ${outcome}`.trimEnd();
}
