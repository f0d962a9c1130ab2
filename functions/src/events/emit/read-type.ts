import type { PayloadReader } from '../catalog/catalog.ts';
import { isCustomType } from '../custom-types/custom-event.ts';
import type { EventInput } from './event-input.ts';
import { checkInput } from './event-input.ts';
import type { PlanContext } from './plan-event.ts';

/** Finds what reads the payloads of an organization's own types. */
export interface CustomTypeReaders {
  /**
   * The reader of one of the organization's own types, at its newest version or a stated one; throws
   * `invalid-event` where it has none.
   */
  readerOf(
    orgId: string,
    type: Pick<EventInput, 'eventType' | 'schemaVersion'>,
  ): Promise<PayloadReader>;
}

/** The context that an event is planned in: a type that is an organization's own has to be looked up. */
export function readType(
  context: PlanContext & { readonly customTypes: CustomTypeReaders },
  input: EventInput,
): PlanContext | Promise<PlanContext> {
  const { eventType } = (input as EventInput | null | undefined) ?? {};
  if (typeof eventType !== 'string' || !isCustomType(eventType)) return context;
  return withReader(context, input);
}

async function withReader(
  context: PlanContext & { readonly customTypes: CustomTypeReaders },
  input: EventInput,
): Promise<PlanContext> {
  checkInput(input);
  return { ...context, catalog: await context.customTypes.readerOf(input.orgId, input) };
}
