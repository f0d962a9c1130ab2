import type { EventContract, JobContract } from '../../functions/src/composition/describe.ts';
import { matches } from '../../functions/src/events/bus/pattern.ts';
import { GENERATED } from './render.ts';

/** `docs/reference/subscriptions.md` */
export function renderSubscriptions(
  jobs: readonly JobContract[],
  events: readonly EventContract[],
): string {
  const byId = jobs.toSorted((a, b) => a.id.localeCompare(b.id));
  return [
    GENERATED,
    '# Subscriptions',
    [
      'Who reacts to which events. An id is stored in every job (`jobType`), so that renaming or removing one',
      'is a migration: a check fails until its row here is deleted by hand. Policies are those of the default',
      '[settings](settings.md).',
    ].join('\n'),
    [
      '| id | events | kind | order | policy |',
      '|---|---|---|---|---|',
      ...byId.map((job) => `| \`${job.id}\` | ${given(job, events)} | ${rest(job)} |`),
    ].join('\n'),
  ]
    .join('\n\n')
    .concat('\n');
}

/** The ids in a page that `renderSubscriptions` made. */
export function idsIn(page: string): string[] {
  return [...page.matchAll(/^\| `([^`]+)` \|/gm)].map(([, id]) => id ?? '');
}

/** The subscriptions that an event is given to. */
export function subscribersOf(eventType: string, jobs: readonly JobContract[]): string[] {
  return jobs.flatMap(({ id, pattern }) =>
    pattern !== undefined && matches(pattern, eventType) ? [id] : [],
  );
}

function given({ pattern }: JobContract, events: readonly EventContract[]): string {
  if (pattern === undefined) return 'none: jobs of others make its jobs';
  if (pattern === '*') return `\`*\`: all ${events.length} types`;
  const types = events
    .filter(({ type }) => matches(pattern, type))
    .map(({ type }) => `\`${type}\``);
  return `${[pattern]
    .flat()
    .map((one) => `\`${one}\``)
    .join(' ')}: ${types.join(', ')}`;
}

function rest({ kind, ordered, policy }: JobContract): string {
  const { maxAttempts, initialMs, multiplier, maxMs } = policy;
  const order = ordered === undefined ? 'none' : `by stream; a dead letter: ${ordered}`;
  const delays = `${initialMs / 1_000} s × ${multiplier}, at most ${maxMs / 1_000} s`;
  return `${kind} | ${order} | ${maxAttempts} runs, ${delays}`;
}
