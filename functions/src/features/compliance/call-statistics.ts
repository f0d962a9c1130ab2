import { projectionsOf } from '#events';
import type { ComplianceEvent } from './events.ts';

/** Steps of calls, and steps that were refused. */
export type CallStatistics = Readonly<
  Record<'created' | 'attempted' | 'started' | 'violations', number>
>;

type CallEvent = Extract<ComplianceEvent['type'], `call.${string}` | `compliance.${string}`>;

const COUNTED: Readonly<Record<CallEvent, keyof CallStatistics>> = {
  'call.created': 'created',
  'call.attempted': 'attempted',
  'call.started': 'started',
  'compliance.violation_detected': 'violations',
};

const NONE: CallStatistics = { created: 0, attempted: 0, started: 0, violations: 0 };

/** The first digit of a phone's hash parts a day's calls: all in one document would hold them up. */
const PARTS = Array.from({ length: 16 }, (_, digit) => digit.toString(16));

/** The documents of a day (`2030-01-31`, in UTC). */
export function keysOfDay(day: string): string[] {
  return PARTS.map((part) => `${day}-${part}`);
}

/** Of all calls, by the UTC day of each of their steps. */
export const callStatistics = projectionsOf<ComplianceEvent>()(['call.*', 'compliance.*'], {
  id: 'call_statistics',
  collection: 'projections_call_statistics',
  keyOf: ({ entityType, entityId, occurredAt }) =>
    entityType === 'phone' && occurredAt !== undefined
      ? `${occurredAt.toISOString().slice(0, 10)}-${entityId.slice(0, 1)}`
      : undefined,
  apply: (state: CallStatistics = NONE, { eventType }) => {
    const counted = COUNTED[eventType];
    return { ...state, [counted]: state[counted] + 1 };
  },
});

/** What the documents of a day come to together. */
export function sumOf(parts: readonly (CallStatistics | undefined)[]): CallStatistics {
  return parts.reduce<CallStatistics>(
    (sum, part = NONE) => ({
      created: sum.created + part.created,
      attempted: sum.attempted + part.attempted,
      started: sum.started + part.started,
      violations: sum.violations + part.violations,
    }),
    NONE,
  );
}
