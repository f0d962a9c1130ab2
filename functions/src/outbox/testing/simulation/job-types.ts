import { MINUTE_MS } from '#kernel';
import type { NewJob, Place } from '../../model/handler.ts';
import type { OutboxJob } from '../../model/job.ts';
import type { RetryPolicy } from '../../model/retry-policy.ts';
import type { SeededRandom } from './random.ts';
import type { Scenario } from './scenario.ts';

/** How long a job may wait. */
export const MAX_AGE_MS = 20 * MINUTE_MS;
/** The longest a sink says to wait. */
export const LONGEST_WAIT_MS = 10 * MINUTE_MS;

/** What the world's job types do; a type that is not here has no handler anywhere. */
export interface JobType {
  readonly kind: 'transactional' | 'external';
  readonly onUnknownOutcome: 'retry' | 'park';
  readonly maxAttempts: number;
  /** Its handler writes children. */
  readonly fansOut?: boolean;
  /** Its handler ends the process it runs in. */
  readonly kills?: boolean;
  /** Its jobs stand in a line; what a dead letter does to it. */
  readonly ordered?: 'block' | 'pass-over';
  /** Its handler comes with new code, while old instances are still at work. */
  readonly isNew?: boolean;
}

const writer = { kind: 'transactional', onUnknownOutcome: 'retry' } as const;
const sink = { kind: 'external', onUnknownOutcome: 'retry' } as const;

const JOB_TYPES: Readonly<Record<string, JobType>> = {
  fan: { ...writer, maxAttempts: 4, fansOut: true },
  /** Has one child in common with `fan`. */
  fan_twin: { ...writer, maxAttempts: 5, fansOut: true },
  note: { ...writer, maxAttempts: 5 },
  mail: { ...sink, maxAttempts: 3 },
  fax: { ...sink, maxAttempts: 4, onUnknownOutcome: 'park' },
  killer: { ...sink, maxAttempts: 5, kills: true },
  bomb: { ...writer, maxAttempts: 5, kills: true },
  statement: { ...sink, maxAttempts: 2, ordered: 'block' },
  feed: { ...writer, maxAttempts: 2, ordered: 'pass-over' },
  newcomer: { ...sink, maxAttempts: 5, isNew: true },
};

export function jobTypeOf(jobType: string): JobType | undefined {
  return JOB_TYPES[jobType];
}

/** Whether it may be run again where nobody knows whether it was. */
export function mayRepeat({ kind, onUnknownOutcome }: JobType): boolean {
  return kind === 'transactional' || onUnknownOutcome === 'retry';
}

export function policyOf({ maxAttempts }: JobType): RetryPolicy {
  return {
    initialMs: MINUTE_MS,
    multiplier: 2,
    maxMs: 16 * MINUTE_MS,
    maxAttempts,
    jitter: 0.2,
    maxAgeMs: MAX_AGE_MS,
  };
}

/** What an event is about: its tenant, and its place in its entity's stream if it has one. */
export interface Cause {
  readonly eventId: string;
  readonly orgId: string;
  readonly entity: { readonly id: string; readonly version: number } | undefined;
}

/** The jobs of one event: at least one. */
export function drawJobs(cause: Cause, scenario: Scenario, random: SeededRandom): NewJob[] {
  const types = [random.pick(['fan', 'fan', 'note', 'mail', 'fax'])];
  if (random.chance(0.3)) types.push('fan_twin');
  if (random.chance(scenario.killerShare)) types.push(random.pick(['killer', 'bomb']));
  if (random.chance(scenario.rolloutShare)) types.push('newcomer');
  if (random.chance(scenario.unknownShare)) types.push('unknown');
  const { entity } = cause;
  const ordered = entity === undefined ? [] : ['statement', 'feed'];
  return [
    ...types.map((jobType) => newJob(jobType, cause)),
    ...ordered.map((jobType) => ({ ...newJob(jobType, cause), place: placeOf(jobType, entity) })),
  ];
}

function placeOf(jobType: string, entity: Cause['entity']): Place | undefined {
  if (entity === undefined) return undefined;
  return { orderingKey: `${jobType}:${entity.id}`, sequence: entity.version };
}

/** The children of a fan-out: the same whenever it is asked, as a handler's must be. */
export function childrenOf(
  { jobType, orgId, eventId = '', recipientUid = 'all' }: OutboxJob,
  scenario: Scenario,
  random: SeededRandom,
): NewJob[] {
  const cause = { eventId, orgId };
  const isFirst = recipientUid === 'all';
  const drawType = (): string => {
    if (random.chance(scenario.killerShare / 2)) return 'killer';
    if (random.chance(scenario.rolloutShare / 2)) return 'newcomer';
    return random.pick(['note', 'mail', 'mail', 'fax', isFirst ? 'fan' : 'note']);
  };
  const children = Array.from({ length: random.int(0, scenario.fanOut) }, (_, index) =>
    newJob(drawType(), cause, `${jobType}-${recipientUid}-${index}`),
  );
  return isFirst ? [...children, newJob('note', cause, 'everyone')] : children;
}

function newJob(
  jobType: string,
  { eventId, orgId }: Pick<Cause, 'eventId' | 'orgId'>,
  recipientUid?: string,
): NewJob {
  const metadata = { correlationId: eventId };
  return { jobType, orgId, causeId: eventId, eventId, recipientUid, metadata };
}
