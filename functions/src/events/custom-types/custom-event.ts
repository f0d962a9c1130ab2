import type { z } from 'zod';
import type { EventDefinition } from '../catalog/define-event.ts';

/** What the name of an organization's own type starts with; no built-in type or alias ever does. */
export const CUSTOM_PREFIX = 'custom.';

/** Whether a type is an organization's own, known from its name alone. */
export function isCustomType(eventType: string): boolean {
  return eventType.startsWith(CUSTOM_PREFIX);
}

/**
 * Any event of an organization's own type, as the compiler knows it: what its payload holds is said by a
 * schema that is only read where it is emitted.
 */
export type CustomEvent = EventDefinition<
  `custom.${string}`,
  z.ZodType<Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>>
>;
