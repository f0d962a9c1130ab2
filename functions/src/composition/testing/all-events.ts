import { eventsBySlice } from '../catalog.ts';

type BuiltInEvent = (typeof eventsBySlice)[keyof typeof eventsBySlice][number];

/** Every event definition of all features. */
export const allEvents: readonly BuiltInEvent[] = Object.values(eventsBySlice).flat();
