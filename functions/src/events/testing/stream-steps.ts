import * as fc from 'fast-check';

// What may happen to a stream, as values that fast-check makes up.

/** Appends so many events in one commit, as code does that knows the old version of their type or the current one. */
export interface Append {
  readonly kind: 'append';
  readonly as: 'old' | 'current';
  readonly count: number;
  readonly expected: 'right' | 'any' | 'wrong';
}

/** Loads a state, by one of two reducers. */
export interface Load {
  readonly kind: 'load';
  readonly schema: 0 | 1;
  /** Which version or time, as a part of all there are; the newest where nothing is said. */
  readonly at: { readonly by: 'version' | 'time'; readonly part: number } | undefined;
}

/** One thing that happens to a stream. */
export type Step =
  | Append
  | Load
  | { readonly kind: 'together'; readonly steps: readonly (Append | Load)[] };

const append = fc.record<Append>({
  kind: fc.constant('append'),
  as: fc.constantFrom('old', 'current'),
  count: fc.integer({ min: 1, max: 3 }),
  expected: fc.constantFrom('right', 'any', 'any', 'wrong'),
});
const load = fc.record<Load>({
  kind: fc.constant('load'),
  schema: fc.constantFrom(0 as const, 1 as const),
  at: fc.option(
    fc.record({
      by: fc.constantFrom('version' as const, 'time' as const),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    { nil: undefined },
  ),
});
const together = fc.record({
  kind: fc.constant('together' as const),
  steps: fc.array(fc.oneof(append, load), { minLength: 2, maxLength: 4 }),
});

export const steps: fc.Arbitrary<Step[]> = fc.array(fc.oneof(append, load, together), {
  minLength: 1,
  maxLength: 14,
});
