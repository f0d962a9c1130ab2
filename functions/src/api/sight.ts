import type { DomainEvent } from '#events';

/** What of an organization's log somebody sees: all of it, or what happened in these matters. */
type Sight = 'all' | ReadonlySet<string>;

/** Whether an event may be shown: one without a matter is the admins' and operators'. */
export function isVisible({ matterId }: Pick<DomainEvent, 'matterId'>, sight: Sight): boolean {
  return sight === 'all' || (matterId !== undefined && sight.has(matterId));
}
