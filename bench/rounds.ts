/** Both sides of a comparison; what each run answers is kept. */
export interface Sides<T> {
  readonly raw: () => Promise<T>;
  readonly ours: () => Promise<T>;
}

/** What each side answered in each round. */
export interface Rounds<T> {
  readonly raw: readonly T[];
  readonly ours: readonly T[];
}

/**
 * Runs both sides in turn. Who begins changes from round to round, so that neither what a side leaves
 * behind nor a machine that slowly gets slower or faster favours one of them.
 */
export async function alternate<T>(sides: Sides<T>, rounds: number): Promise<Rounds<T>> {
  const raw: T[] = [];
  const ours: T[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const oursFirst = round % 2 === 1;
    if (oursFirst) ours.push(await sides.ours());
    raw.push(await sides.raw());
    if (!oursFirst) ours.push(await sides.ours());
  }
  return { raw, ours };
}
