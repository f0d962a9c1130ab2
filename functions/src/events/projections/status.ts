import type { OutboxStore } from '#outbox';
import type { RecordedEvent } from '../queries/event-page.ts';
import type { Generations } from './generations.ts';

/** A job of a projection that is not done, or is a dead letter. */
export interface UnfinishedJob {
  /** Milliseconds since the epoch. */
  readonly openedAtMs: number;
  readonly lastError?: JobError | undefined;
}

interface JobError {
  readonly code: string;
  readonly message: string;
  readonly atMs: number;
}

type Pauses = Awaited<ReturnType<OutboxStore['readControls']>>['pauses'];

/** What is known of a tenant's read model without anybody having kept account of it. */
export interface StatusFacts {
  readonly generations: Generations | undefined;
  readonly pauses: Pauses;
  /** Of the jobs that wait or run, at most `MAX_JOBS`. */
  readonly unfinished: readonly UnfinishedJob[];
  /** How many wait or run in all. */
  readonly waiting: number;
  /** How many dead letters there are since the live generation had everything. */
  readonly failed: number;
  readonly newestDeadLetter: UnfinishedJob | undefined;
  /** The newest event that the live generation has, among the newest of the tenant. */
  readonly lastEvent: RecordedEvent | undefined;
  readonly readAtMs: number;
}

/** How a tenant's read model is doing. */
export interface ProjectionStatus {
  /** `paused` and `building` may both be so; it says `paused` then, and `building` is there too. */
  readonly status: 'live' | 'paused' | 'building';
  /** The live one; undefined before anything was applied. */
  readonly generation: string | undefined;
  /** A rebuild under way, and what stopped it, if anything did. */
  readonly building: Generations['building'];
  /** Jobs that wait or run. */
  readonly waiting: number;
  /**
   * Dead letters: events that the read model does not have until they are redriven, or it is rebuilt. Those of
   * before a rebuild are left out: it has their events.
   */
  readonly failed: number;
  /** The age of the oldest job that waits: 0 where none does. With more than `MAX_JOBS` of them it may be more. */
  readonly lagMs: number;
  /**
   * The newest of the tenant's last 20 events that the live generation has, by a job that is done or by a rebuild;
   * undefined where it has none of them.
   */
  readonly lastEvent: Pick<RecordedEvent, 'eventId' | 'eventType' | 'recordedAt'> | undefined;
  /** The newest error among the first `MAX_JOBS` jobs that wait and the newest dead letter. */
  readonly lastError:
    | { readonly code: string; readonly message: string; readonly at: Date }
    | undefined;
}

/** Jobs that wait that are looked at, at most. */
export const MAX_JOBS = 200;

/** What the facts say. */
export function summarize(
  { id, orgId }: { readonly id: string; readonly orgId: string },
  { generations, pauses, lastEvent, readAtMs, ...jobs }: StatusFacts,
): ProjectionStatus {
  const { live, building = null } = generations ?? {};
  const { unfinished, waiting, failed, newestDeadLetter } = jobs;
  const oldestMs = Math.min(readAtMs, ...unfinished.map(({ openedAtMs }) => openedAtMs));
  const isPaused = pauses.some(
    (pause) =>
      (pause.jobType === undefined || pause.jobType === id) &&
      (pause.orgId === undefined || pause.orgId === orgId),
  );
  const errors = [...unfinished, newestDeadLetter].flatMap((job) => job?.lastError ?? []);
  const error = errors.toSorted((a, b) => b.atMs - a.atMs)[0];
  return {
    status: isPaused ? 'paused' : building === null ? 'live' : 'building',
    generation: live,
    building,
    waiting,
    failed,
    lagMs: readAtMs - oldestMs,
    lastEvent: lastEvent && {
      eventId: lastEvent.eventId,
      eventType: lastEvent.eventType,
      recordedAt: lastEvent.recordedAt,
    },
    lastError: error && { code: error.code, message: error.message, at: new Date(error.atMs) },
  };
}
