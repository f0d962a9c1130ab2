import { CodedError } from '#kernel';
import type { PauseTarget } from '../model/controls.ts';
import { pauseId, withPause, withResuming, withSlots } from '../model/controls.ts';
import type { SlotCounts } from '../model/slots.ts';
import { isSlotCount, MAX_SLOTS } from '../model/slots.ts';
import type { OutboxStore } from '../store.ts';

/** Who asks, and why: kept with the pause. */
export interface Asking {
  /** Who it was. */
  readonly by: string;
  /** Why, for whoever finds it at night. */
  readonly reason: string;
}

/**
 * Holds back the jobs of a type, a tenant, or a type of a tenant; answers the pause's id. Takes hold of
 * every worker within ten seconds; what runs is not stopped.
 */
export async function pauseJobs(
  store: OutboxStore,
  target: PauseTarget,
  { by, reason }: Asking,
): Promise<string> {
  const id = pauseId(target);
  if (id === '') throw new CodedError('invalid-input', 'Say which job type or tenant to pause.');
  const { readAtMs: atMs } = await store.readControls();
  await store.editControls((table) => withPause(table, { ...target, id, by, reason, atMs }));
  return id;
}

/** Ends a pause: ticks make its rows due again, until a look a minute later finds none. */
export async function resumeJobs(
  store: OutboxStore,
  id: string,
): Promise<'resuming' | 'not-paused'> {
  const { pauses, readAtMs } = await store.readControls();
  if (!pauses.some((pause) => pause.id === id)) return 'not-paused';
  await store.editControls((table) => withResuming(table, id, readAtMs));
  return 'resuming';
}

/**
 * Puts other slots in force, on a live system and without losing a row: those that fall away are read
 * until they are empty. The daily repair does so for the settings of a deployment. `before`: what was in
 * force until now, where nobody has noted it. Throws `invalid-input` for counts that cannot be.
 */
export async function changeSlots(
  store: OutboxStore,
  counts: SlotCounts,
  before: SlotCounts,
): Promise<void> {
  refuseSlots(counts);
  await store.editControls((table) => withSlots(table, counts, before));
}

function refuseSlots(counts: SlotCounts): void {
  const problems = (['normal', 'bulk'] as const)
    .filter((kind) => !isSlotCount(counts[kind]))
    .map((path) => ({ path, message: `expected a whole number from 1 to ${MAX_SLOTS}` }));
  if (problems.length === 0) return;
  throw new CodedError('invalid-input', 'The slots cannot be changed', problems);
}
