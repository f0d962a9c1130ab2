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
  /** Its handler reads what it changes, in the transaction that settles its job. */
  readonly transacts?: boolean;
  /** Its handler writes children. */
  readonly fansOut?: boolean;
  /** Its handler ends the process it runs in. */
  readonly kills?: boolean;
  /** Its jobs stand in a line; what a dead letter does to it. */
  readonly ordered?: 'block' | 'pass-over';
  /** Its handler comes with new code, while old instances are still at work. */
  readonly isNew?: boolean;
  /** Its handler takes so many in one call. */
  readonly maxBatchSize?: number;
  /** Where it sends to; default: a sink of its own. */
  readonly sink?: string;
  /** It wants something written beside each dead letter. */
  readonly marksDeadLetters?: boolean;
}

const writer = { kind: 'transactional', onUnknownOutcome: 'retry' } as const;
const sink = { kind: 'external', onUnknownOutcome: 'retry' } as const;

const JOB_TYPES: Readonly<Record<string, JobType>> = {
  fan: { ...writer, maxAttempts: 4, fansOut: true, marksDeadLetters: true },
  /** Has one child in common with `fan`. */
  fan_twin: { ...writer, maxAttempts: 5, fansOut: true },
  note: { ...writer, maxAttempts: 5 },
  mail: { ...sink, maxAttempts: 3, sink: 'gateway' },
  fax: { ...sink, maxAttempts: 4, onUnknownOutcome: 'park', marksDeadLetters: true },
  killer: { ...sink, maxAttempts: 5, kills: true, marksDeadLetters: true },
  bomb: { ...writer, maxAttempts: 5, kills: true },
  statement: { ...sink, maxAttempts: 2, ordered: 'block', marksDeadLetters: true },
  feed: { ...writer, maxAttempts: 2, ordered: 'pass-over' },
  /** Counts how often it was run to its end. */
  model: { ...writer, maxAttempts: 4, transacts: true, fansOut: true, marksDeadLetters: true },
  /** The same, one entity's jobs one after another. */
  ledger: { ...writer, maxAttempts: 3, transacts: true, ordered: 'block' },
  newcomer: { ...sink, maxAttempts: 5, isNew: true, sink: 'gateway' },
  post: { ...sink, maxAttempts: 3, maxBatchSize: 3, marksDeadLetters: true },
  wire: { ...sink, maxAttempts: 3, maxBatchSize: 2, onUnknownOutcome: 'park' },
};

/** The sinks there are, by name. */
export const SINKS: readonly string[] = [
  ...new Set(
    Object.entries(JOB_TYPES).flatMap(([jobType, type]) =>
      type.kind === 'external' ? [sinkNameOf(jobType, type)] : [],
    ),
  ),
];

export function sinkNameOf(jobType: string, { sink: name }: JobType): string {
  return name ?? jobType;
}

/** What is wrong with one job among many of its type: it ends its process, or makes its whole batch fail. */
export type Temper = 'kills' | 'chokes';

/** Whether its handler ends the process that it runs in, every time. */
export function killsItsWorker({
  jobType,
  payload,
}: Pick<OutboxJob, 'jobType' | 'payload'>): boolean {
  return jobTypeOf(jobType)?.kills === true || payload?.['temper'] === 'kills';
}

/** Whether every batch that it is in fails as a whole. */
export function chokesItsBatch({ payload }: Pick<OutboxJob, 'payload'>): boolean {
  return payload?.['temper'] === 'chokes';
}

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
  const types = [random.pick(['fan', 'fan', 'note', 'mail', 'fax', 'model'])];
  if (random.chance(0.3)) types.push('fan_twin');
  if (random.chance(scenario.killerShare)) types.push(random.pick(['killer', 'bomb']));
  if (random.chance(scenario.rolloutShare)) types.push('newcomer');
  if (random.chance(scenario.unknownShare)) types.push('unknown');
  const { entity } = cause;
  const ordered = entity === undefined ? [] : ['statement', 'feed', 'ledger'];
  return [
    ...types.map((jobType) => newJob(jobType, cause)),
    ...(random.chance(scenario.batchShare) ? drawMany(cause, scenario, random) : []),
    ...ordered.map((jobType) => ({ ...newJob(jobType, cause), place: placeOf(jobType, entity) })),
  ];
}

/** Jobs that may be sent together, or change the same, some with a temper. */
function drawMany(cause: Cause, scenario: Scenario, random: SeededRandom): NewJob[] {
  const jobType = random.pick(['post', 'post', 'wire', 'model']);
  const drawTemper = (): Temper | undefined => {
    // A sink that takes no duplicate parks what its worker died of: it would not be poison.
    if (jobType === 'post' && random.chance(scenario.killerShare)) return 'kills';
    return random.chance(scenario.chokeShare) ? 'chokes' : undefined;
  };
  return Array.from({ length: random.int(2, 6) }, (_, index) => {
    const temper = drawTemper();
    const job = newJob(jobType, cause, `many-${index}`);
    return temper === undefined ? job : { ...job, payload: { temper } };
  });
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
    if (random.chance(scenario.streamShare / 3)) return 'statement';
    return random.pick(['note', 'mail', 'mail', 'fax', isFirst ? 'fan' : 'note']);
  };
  const children = Array.from({ length: random.int(0, scenario.fanOut) }, (_, index) => {
    const child = newJob(drawType(), cause, `${jobType}-${recipientUid}-${index}`);
    if (child.jobType !== 'statement') return child;
    const orderingKey = `statement:${eventId}-${jobType}-${recipientUid}`;
    return { ...child, place: { orderingKey, sequence: index } };
  });
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
