import type { AnyEvent } from '../catalog.ts';
import { eventsBySlice } from '../catalog.ts';

/** Every event definition of all features. */
export const allEvents: readonly AnyEvent[] = Object.values(eventsBySlice).flat();
