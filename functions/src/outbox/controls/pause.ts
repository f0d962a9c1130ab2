import { CodedError } from '#kernel';
import type { PauseTarget } from '../model/controls.ts';
import { pauseId, withPause, withResuming, withSlots } from '../model/controls.ts';
import type { SlotCounts } from '../model/slots.ts';
import type { OutboxStore } from '../store.ts';

/** Who asks, and why: kept with the pause. */
export interface Asking {
  readonly by: string;
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
 * until they are empty. `before`: the settings, which are in force until somebody changes them here.
 */
export async function changeSlots(
  store: OutboxStore,
  counts: SlotCounts,
  before: SlotCounts,
): Promise<void> {
  await store.editControls((table) => withSlots(table, counts, before));
}
