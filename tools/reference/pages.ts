import { describeContracts } from '../../functions/src/composition/describe.ts';
import type { CommandEntry, EventEntry } from './render.ts';
import { renderCallables, renderEvents } from './render.ts';

/** The generated pages of the reference, by their path in the repository. */
export function referencePages(): ReadonlyMap<string, string> {
  const { events, commands } = describeContracts();
  return new Map([
    ['docs/reference/events.md', renderEvents(events as readonly EventEntry[])],
    ['docs/reference/callables.md', renderCallables(commands as readonly CommandEntry[])],
  ]);
}
