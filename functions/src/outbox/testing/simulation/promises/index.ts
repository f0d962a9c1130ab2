import type { PromiseCheck } from '../promise.ts';
import { ASKS } from './asks.ts';
import { BATCHES } from './batches.ts';
import { COUNTS } from './counts.ts';
import { CRASHES } from './crashes.ts';
import { DEAD_LETTERS } from './dead-letters.ts';
import { DELIVERIES } from './deliveries.ts';
import { DUE_TIMES } from './due-times.ts';
import { EFFECTS } from './effects.ts';
import { ENDINGS } from './endings.ts';
import { HISTORY } from './history.ts';
import { LINES } from './lines.ts';
import { OUTCOMES } from './outcomes.ts';
import { PAUSES } from './pauses.ts';
import { STOPS } from './stops.ts';
import { SUSPECTS } from './suspects.ts';

/** All that the engine is held to, beside the table of transitions. */
export const PROMISES: readonly PromiseCheck[] = [
  COUNTS,
  DUE_TIMES,
  OUTCOMES,
  CRASHES,
  SUSPECTS,
  BATCHES,
  ASKS,
  STOPS,
  DEAD_LETTERS,
  HISTORY,
  LINES,
  PAUSES,
  EFFECTS,
  DELIVERIES,
  ENDINGS,
];
