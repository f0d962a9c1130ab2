/** A limit, and what was measured of it. */
export interface Budget {
  readonly name: string;
  readonly kind: 'at most' | 'at least' | 'exactly';
  readonly limit: number;
  readonly measured: number;
  /** What the numbers count, such as `ms`; nothing for a ratio. */
  readonly unit?: string;
  /** What one has to know to read the verdict. */
  readonly note?: string;
}

export interface Verdict extends Budget {
  readonly isMet: boolean;
  /** By how much of the limit it is missed, or, where it is met, how much is left: always ≥ 0. */
  readonly distance: number;
}

/** Whether a budget is met, and how near to its limit. A measurement that is no number never meets one. */
export function judge(budget: Budget): Verdict {
  const { kind, limit, measured } = budget;
  const isMet = compare(kind, measured, limit);
  return { ...budget, isMet, distance: Math.abs(measured - limit) / Math.abs(limit) };
}

function compare(kind: Budget['kind'], measured: number, limit: number): boolean {
  switch (kind) {
    case 'at most':
      return measured <= limit;
    case 'at least':
      return measured >= limit;
    case 'exactly':
      return measured === limit;
  }
}

/** `met` or `not met: 12 % over`. */
export function describeVerdict({ kind, isMet, measured, limit, distance }: Verdict): string {
  if (isMet) return 'met';
  if (!Number.isFinite(distance)) return 'not met';
  const side = measured > limit ? 'over' : 'under';
  const percent = (distance * 100).toFixed(distance < 0.1 ? 1 : 0);
  return kind === 'exactly' ? `not met: ${side}` : `not met: ${percent} % ${side}`;
}
