import type { Ids, Random } from '../ids.ts';

/** Ids that tell their order: `id-1`, `id-2`, … */
export function countingIds(prefix = 'id'): Ids {
  let made = 0;
  const next = () => `${prefix}-${(made += 1)}`;
  return { documentId: next, correlationId: next };
}

/** Chance that always comes out the same; by default as if there were none. */
export function fixedRandom(value = 0): Random {
  return { next: () => value };
}
