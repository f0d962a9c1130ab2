/** What is said of several measurements of one thing. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Throws where there is nothing to summarize: no result is ever made of no measurement. */
export function spreadOf(values: readonly number[]): Spread {
  return {
    median: percentile(values, 0.5),
    min: percentile(values, 0),
    max: percentile(values, 1),
  };
}

/** Between two measurements the value is in between them; `share` is in [0, 1]. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) throw new Error('Nothing was measured.');
  return below + (above - below) * (position - Math.floor(position));
}

/**
 * How `ours` compares with `raw`, where measurements with the same index were made one after the other:
 * the ratio of the medians, and the smallest and largest ratio of such a pair.
 */
export function ratioOf(ours: readonly number[], raw: readonly number[]): Spread {
  if (ours.length !== raw.length) throw new Error('Every round measures both sides.');
  const pairs = ours.map((value, index) => value / (raw[index] ?? Number.NaN));
  return { ...spreadOf(pairs), median: percentile(ours, 0.5) / percentile(raw, 0.5) };
}
