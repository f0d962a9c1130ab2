import type { DocumentData } from '#kernel';
import { CodedError } from '#kernel';
import type { Catalog } from '../catalog/catalog.ts';
import { EventUnreadableError } from '../catalog/event-unreadable-error.ts';
import { sameness } from './content-hash.ts';
import type { EmitDeps } from './emit.ts';
import { withTypeOf } from './emit.ts';
import type { EventInput } from './event-input.ts';
import { planEvent } from './plan-event.ts';
import { readType } from './read-type.ts';
import { withTimes } from './with-times.ts';

/** An event of history: it happened at a time of its own, and has a key, by which it is there once. */
export type ImportedInput = Pick<
  EventInput,
  'orgId' | 'eventType' | 'entityType' | 'entityId' | 'actor' | 'payload' | 'metadata'
> &
  Partial<Pick<EventInput, 'schemaVersion' | 'matterId' | 'related'>> &
  Required<Pick<EventInput, 'occurredAt' | 'idempotencyKey'>>;

/** An event of history that can be written. */
export interface PlannedImport {
  readonly eventId: string;
  /** Creates it, without jobs. */
  readonly write: { readonly kind: 'create'; readonly path: string; readonly data: DocumentData };
  readonly bytes: number;
  /** Whether what is stored at its id says the same: it was imported before. */
  readonly isSameAs: (stored: DocumentData) => boolean;
}

/**
 * Plans an event of history: in no stream, marked `imported`, recorded now, with the time it happened at, and without
 * jobs. Its id comes of the organization, `metadata.sourceService` and the key, so that it is there once however often
 * it is written. Times in its payload may be texts, as JSON has them. Throws `invalid-event` with the path of every
 * problem, and `payload-too-large`; writes nothing.
 */
export type PlanImport = (input: ImportedInput, token: string) => Promise<PlannedImport>;

/** What history has led to is there, or is asked for by a catch-up. */
const NO_JOBS = { jobsFor: () => [], slots: { normal: 1, bulk: 1 } };

/** Binds `PlanImport` to a catalog. */
export function createPlanImport(
  deps: Pick<EmitDeps, 'catalog' | 'customTypes' | 'ids'>,
): PlanImport {
  const { catalog } = deps;
  return async (said, token) => {
    const input = withTypeOf(catalog, said);
    const context = { ...deps, ...NO_JOBS, sourceService: 'import' };
    const payload = withTimes(catalog.get(input.eventType)?.payload, input.payload);
    const planned = planEvent(
      await readType(context, input),
      { ...input, payload },
      token,
      undefined,
    );
    const [write] = planned.writes;
    if (write?.kind !== 'create') throw new Error('An event that is planned is created.');
    return {
      eventId: planned.eventId,
      write: { kind: 'create', path: write.path, data: { ...write.data, imported: true } },
      bytes: planned.bytes,
      isSameAs: (stored) => saysTheSame(catalog, stored, sameness(planned.content)),
    };
  };
}

/** At the newest version, as the one that is planned: it may have been stored at an older. */
function saysTheSame(catalog: Catalog, stored: DocumentData, planned: string): boolean {
  try {
    const event = catalog.decode(stored);
    return event !== undefined && sameness(event) === planned;
  } catch (error) {
    if (error instanceof EventUnreadableError || error instanceof CodedError) return false;
    throw error;
  }
}
