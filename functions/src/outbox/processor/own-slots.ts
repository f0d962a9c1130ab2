/** The slots that a sweep works through: all of them, until it meets a backlog and hands some off. */
export class OwnSlots {
  readonly all: readonly number[];
  readonly #handOff: (slots: readonly number[]) => Promise<readonly number[]>;
  #kept: Promise<readonly number[]> | undefined;
  #keptNow: ReadonlySet<number>;

  /** `handOff`: answers which of the slots are left to this sweep. Called once, if at all. */
  constructor(
    all: readonly number[],
    handOff: (slots: readonly number[]) => Promise<readonly number[]>,
  ) {
    this.all = all;
    this.#handOff = handOff;
    this.#keptNow = new Set(all);
  }

  /** There is more than one page: others are to help. */
  async onBacklog(): Promise<void> {
    this.#kept ??= this.#handOff(this.all);
    this.#keptNow = new Set(await this.#kept);
  }

  /** Those of these slots that are this sweep's. */
  of(slots: readonly number[]): readonly number[] {
    return slots.filter((slot) => this.#keptNow.has(slot));
  }

  /** Whether nothing was handed off. */
  get isWhole(): boolean {
    return this.#keptNow.size === this.all.length;
  }
}
