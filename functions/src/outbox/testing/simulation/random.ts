import type { Random } from '#kernel';

/** Chance that repeats itself: mulberry32, the same numbers for the same seed on every machine. */
export class SeededRandom implements Random {
  readonly #seed: number;
  #state: number;

  constructor(seed: number) {
    this.#seed = seed >>> 0;
    this.#state = this.#seed;
  }

  next(): number {
    this.#state = (this.#state + 0x6d_2b_79_f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A number up to `most`, in thousandths, with this chance; else 0. */
  maybe(most: number, share: number): number {
    return this.chance(share) ? Math.ceil(this.next() * most * 1_000) / 1_000 : 0;
  }

  /** True in this share of all cases. Draws only where there is a choice. */
  chance(share: number): boolean {
    return share > 0 && this.next() < share;
  }

  /** A whole number from `least` through `most`. */
  int(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.int(0, items.length - 1)] ?? items[0];
  }

  /** One of the names, each as often as its weight says. */
  weighted<Name extends string>(weights: Readonly<Record<Name, number>>, otherwise: Name): Name {
    const entries = Object.entries<number>(weights) as [Name, number][];
    let left = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [name, weight] of entries) {
      left -= weight;
      if (left < 0) return name;
    }
    return otherwise;
  }

  /**
   * Chance of its own for one thing, by name: what others draw meanwhile does not change it, so a
   * smaller scenario still does the same to the same thing.
   */
  fork(name: string): SeededRandom {
    return new SeededRandom(hashText(name, this.#seed));
  }
}

/** FNV-1a over code points, going on from `start`. */
export function hashText(text: string, start: number): number {
  let hash = (start ^ 0x81_1c_9d_c5) >>> 0;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ (text.codePointAt(index) ?? 0), 0x01_00_01_93) >>> 0;
  }
  return hash;
}
