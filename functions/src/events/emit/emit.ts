import type { DocumentData, DocumentTransaction, DocumentWrite, Logger } from '#kernel';
import { CodedError, isEntityId, isTypeName, messageOf } from '#kernel';
import type { Catalog, TypedEvent } from '../catalog/catalog.ts';
import type { EventDefinition } from '../catalog/define-event.ts';
import { DOMAIN_EVENTS } from '../event.ts';
import { CommitBudget } from './commit-budget.ts';
import { sameness } from './content-hash.ts';
import { emitInTransaction } from './emit-in-transaction.ts';
import { keyReused } from './key-reused.ts';
import type { EmitResult } from './emit-result.ts';
import type { EventInput } from './event-input.ts';
import type { PlanContext, PlannedEvent } from './plan-event.ts';
import { jobIdsOf, planEvent } from './plan-event.ts';

/** An event as the catalog types it: a payload that does not fit its type does not compile. */
export type TypedEventInput<Definition extends EventDefinition> = Omit<
  EventInput,
  'eventType' | 'payload'
> &
  TypedEvent<Definition>;

/** Somewhere writes are added to and committed by somebody else: a caller's batch. */
export interface WriteTarget {
  add(write: DocumentWrite): void;
}

/** Where an event is written: with one of these, or by a commit of its own. */
export interface EmitOptions {
  /** Writes with the caller's transaction. Needed for an event in a stream. */
  readonly transaction?: DocumentTransaction;
  /** Writes with the caller's batch; cannot answer `duplicate`, the commit fails instead. */
  readonly batch?: WriteTarget;
}

/** Emits events of these definitions. */
export type Emit<Definition extends EventDefinition> = (
  input: TypedEventInput<Definition>,
  options?: EmitOptions,
) => Promise<EmitResult>;

/** The event log as an emit that commits by itself needs it. */
export interface EventLog {
  /** All writes or none; `exists` where a document to be created is there already. */
  commit(writes: readonly DocumentWrite[]): Promise<'committed' | 'exists'>;
  read(path: string): Promise<DocumentData | undefined>;
}

export interface EmitDeps extends PlanContext {
  readonly log: EventLog;
}

/** Writes an event and its jobs in one commit; see `Emit`. */
export function createEmit<Definition extends EventDefinition>(deps: EmitDeps): Emit<Definition> {
  return async (said: EventInput, options = {}) => {
    refuseBoth(options);
    const input = withTypeOf(deps.catalog, said);
    if (options.transaction !== undefined) {
      return emitInTransaction(deps, input, options.transaction);
    }
    const token = deps.ids.documentId();
    const planned = planEvent(deps, input, token, undefined);
    refuseStream(input);
    if (options.batch === undefined) return emitAlone(deps, planned, input, token);
    return addTo(options.batch, planned);
  };
}

/** Answers undefined where `emit` fails, and logs why. Never throws, whatever it is called with. */
export async function observe(
  logger: Logger,
  input: unknown,
  emit: () => Promise<EmitResult>,
): Promise<EmitResult | undefined> {
  try {
    return await emit();
  } catch (error) {
    try {
      const message = 'observational event could not be emitted';
      const about = namesOf(input);
      logger.write({ severity: 'WARNING', message, ...about, error: messageOf(error) });
    } catch {
      // Who cannot log cannot say so, either.
    }
    return undefined;
  }
}

/** Type and tenant of what may be no event at all: names that are none are left out. */
function namesOf(input: unknown): { readonly eventType?: string; readonly orgId?: string } {
  try {
    const { eventType, orgId } = input as Partial<Record<string, unknown>>;
    return {
      ...(typeof eventType === 'string' && isTypeName(eventType) ? { eventType } : {}),
      ...(typeof orgId === 'string' && isEntityId(orgId) ? { orgId } : {}),
    };
  } catch {
    return {};
  }
}

/** What names its type by an alias is said again with the type itself, which is what is stored. */
function withTypeOf(catalog: Catalog, input: EventInput): EventInput {
  // It may be no event at all, which is for `checkInput` to refuse.
  const { eventType } = (input as EventInput | null | undefined) ?? {};
  const definition = eventType === undefined ? undefined : catalog.get(eventType);
  return definition === undefined || definition.type === eventType
    ? input
    : { ...input, eventType: definition.type };
}

function refuseBoth({ transaction, batch }: EmitOptions): void {
  if (transaction === undefined || batch === undefined) return;
  throw new CodedError(
    'invalid-event',
    'An event is written once: pass one of { transaction } and { batch }.',
  );
}

function refuseStream(input: EventInput): void {
  if (input.stream === undefined) return;
  const why = 'its stream’s version is read and written in one transaction';
  throw new CodedError(
    'stream-needs-transaction',
    `${input.eventType} is appended to a stream: pass { transaction }, because ${why}.`,
  );
}

function addTo(batch: WriteTarget, planned: PlannedEvent): EmitResult {
  const budget = CommitBudget.of(batch);
  // Two creations of one document in one commit fail it, in words that say nothing of a key.
  if (budget.has(planned.eventId)) throw keyReused(planned.content, 'in the same batch');
  budget.spend(planned.eventId, planned.bytes);
  for (const write of planned.writes) batch.add(write);
  return { eventId: planned.eventId, jobIds: planned.jobIds, duplicate: false };
}

async function emitAlone(
  deps: EmitDeps,
  planned: PlannedEvent,
  input: EventInput,
  token: string,
): Promise<EmitResult> {
  const { eventId, jobIds } = planned;
  const committed = await deps.log.commit(planned.writes);
  if (committed === 'committed') return { eventId, jobIds, duplicate: false };

  const stored = await deps.log.read(`${DOMAIN_EVENTS}/${eventId}`);
  // The client library may have sent our commit twice: its first sending is no duplicate.
  if (stored?.['by'] === token) return { eventId, jobIds, duplicate: false };
  // At the newest version, as the one that is emitted: the first may have been stored at an older.
  const earlier = deps.catalog.decode(stored);
  if (earlier !== undefined && sameness(earlier) === sameness(planned.content)) {
    const ids = jobIdsOf(earlier.orgId, eventId, earlier.jobTypes);
    return { eventId, jobIds: ids, duplicate: true };
  }
  throw keyReused(input, 'for something else');
}
