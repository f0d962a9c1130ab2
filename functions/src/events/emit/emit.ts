import type { DocumentTransaction, DocumentWrite, Logger } from '#kernel';
import { CodedError, isEntityId, isTypeName, messageOf } from '#kernel';
import type { Catalog, TypedEvent } from '../catalog/catalog.ts';
import type { EventDefinition } from '../catalog/define-event.ts';
import type { Cause } from './caused-by.ts';
import { withCause } from './caused-by.ts';
import { CommitBudget } from './commit-budget.ts';
import type { EventLog } from './commit-events.ts';
import { commitEvents } from './commit-events.ts';
import { emitInTransaction } from './emit-in-transaction.ts';
import { keyReused } from './key-reused.ts';
import type { EmitResult } from './emit-result.ts';
import type { EventInput } from './event-input.ts';
import { MAX_TEXT_LENGTH } from './event-input.ts';
import type { PlanContext, PlannedEvent } from './plan-event.ts';
import { planEvent } from './plan-event.ts';
import type { CustomTypeReaders } from './read-type.ts';
import { readType } from './read-type.ts';

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
  /** What it is emitted because of; see `Cause`. */
  readonly causedBy?: Cause | undefined;
}

/** Emits events of these definitions. */
export type Emit<Definition extends EventDefinition> = (
  input: TypedEventInput<Definition>,
  options?: EmitOptions,
) => Promise<EmitResult>;

export interface EmitDeps extends PlanContext {
  readonly catalog: Catalog;
  readonly customTypes: CustomTypeReaders;
  readonly log: EventLog;
}

/** Writes an event and its jobs in one commit; see `Emit`. */
export function createEmit<Definition extends EventDefinition>(deps: EmitDeps): Emit<Definition> {
  return async (said: EventInput, options = {}) => {
    refuseBoth(options);
    const { causedBy } = options;
    const isCaused = causedBy !== undefined && isObject(said);
    return emitOne(deps, isCaused ? withCause(said, causedBy) : said, options);
  };
}

async function emitOne(
  deps: EmitDeps,
  said: EventInput,
  { transaction, batch }: EmitOptions,
): Promise<EmitResult> {
  const input = withTypeOf(deps.catalog, said);
  // Not awaited where nothing is read: a batch has its writes when the call returns.
  const reading = readType(deps, input);
  const context = reading instanceof Promise ? await reading : reading;
  if (transaction !== undefined) return emitInTransaction(context, input, transaction);
  const token = deps.ids.documentId();
  const planned = planEvent(context, input, token, undefined);
  refuseStream(input);
  return batch === undefined ? emitAlone(deps, planned, token) : addTo(batch, planned);
}

/** Answers undefined where `emit` fails, and logs why. Never throws, whatever it is called with. */
export async function observe(
  logger: Logger,
  input: unknown,
  emit: () => Promise<EmitResult>,
  cause?: Cause,
): Promise<EmitResult | undefined> {
  try {
    return await emit();
  } catch (error) {
    try {
      const message = 'observational event could not be emitted';
      const about = namesOf(input, cause);
      logger.write({ severity: 'WARNING', message, ...about, error: messageOf(error) });
    } catch {
      // Who cannot log cannot say so, either.
    }
    return undefined;
  }
}

/** Names what may be no event at all: type, tenant and correlation, where they are what they should be. */
function namesOf(input: unknown, cause: Cause | undefined): Readonly<Record<string, string>> {
  try {
    const { eventType, orgId, metadata } = input as Partial<EventInput>;
    const { correlationId } = { ...cause?.metadata, ...metadata };
    return {
      ...(typeof eventType === 'string' && isTypeName(eventType) ? { eventType } : {}),
      ...(typeof orgId === 'string' && isEntityId(orgId) ? { orgId } : {}),
      ...(isShortText(correlationId) ? { correlationId } : {}),
    };
  } catch {
    return {};
  }
}

function isShortText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_TEXT_LENGTH;
}

/** What names its type by an alias is said again with the type itself, which is what is stored. */
export function withTypeOf(catalog: Catalog, input: EventInput): EventInput {
  const { eventType } = (input as EventInput | null | undefined) ?? {};
  const definition = eventType === undefined ? undefined : catalog.get(eventType);
  return definition === undefined || definition.type === eventType
    ? input
    : { ...input, eventType: definition.type };
}

/** Typed, and yet it may be no event at all, which is for `checkInput` to refuse. */
export function isObject(said: unknown): boolean {
  return typeof said === 'object' && said !== null;
}

function refuseBoth({ transaction, batch }: EmitOptions): void {
  if (transaction === undefined || batch === undefined) return;
  throw new CodedError(
    'invalid-event',
    'An event is written once: pass one of { transaction } and { batch }.',
  );
}

/** Throws `stream-needs-transaction` for an event in a stream. */
export function refuseStream(input: EventInput): void {
  if (input.stream === undefined) return;
  const why = 'its stream’s version is read and written in one transaction';
  throw new CodedError(
    'stream-needs-transaction',
    `${input.eventType} is appended to a stream: append it in a transaction, with appendToStream or { transaction }, because ${why}.`,
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
  token: string,
): Promise<EmitResult> {
  const [answer] = await commitEvents(deps, [planned], token);
  if (answer instanceof CodedError) throw answer;
  if (answer === undefined) throw new Error('An event has no answer.');
  return answer;
}
