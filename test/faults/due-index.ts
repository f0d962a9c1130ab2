import type { Firestore } from '../../functions/src/kernel/testing/emulator-firestore.ts';
import type { OutboxJob, OutboxStore } from '../../functions/src/outbox/index.ts';

interface Entry {
  readonly id: string;
  readonly dueMs: number;
}

/**
 * The index of due rows that Firestore has and the emulator has not: that reads every row for every page,
 * which with 60,000 of them takes a second each. Kept by the one process that writes; the rows themselves
 * are read from the emulator as they are.
 */
export class DueIndex {
  readonly #slots = new Map<number, Entry[]>();
  readonly #places = new Map<string, Entry & { readonly slot: number }>();

  get size(): number {
    return this.#places.size;
  }

  /** A row was written: it is due then, in that slot, or not at all. */
  put({ id, slot, nextAttemptAt }: Pick<OutboxJob, 'id' | 'slot' | 'nextAttemptAt'>): void {
    const before = this.#places.get(id);
    if (before !== undefined) {
      const entries = this.#slots.get(before.slot) ?? [];
      entries.splice(positionOf(entries, before), 1);
    }
    this.#places.delete(id);
    if (nextAttemptAt === undefined) return;
    const entry = { id, dueMs: nextAttemptAt };
    const entries = this.#slots.get(slot) ?? [];
    entries.splice(positionOf(entries, entry), 0, entry);
    this.#slots.set(slot, entries);
    this.#places.set(id, { ...entry, slot });
  }

  /** The store, its due queries answered by this index. */
  serve(store: OutboxStore): OutboxStore {
    return {
      ...store,
      findDue: async ({ slots, fromMs, throughMs, limit }) => {
        const from = { id: '', dueMs: fromMs };
        const found = slots.flatMap((slot) => {
          const entries = this.#slots.get(slot) ?? [];
          const first = positionOf(entries, from);
          return entries.slice(first, first + limit).filter(({ dueMs }) => dueMs <= throughMs);
        });
        const ids = found
          .toSorted(compare)
          .slice(0, limit)
          .map(({ id }) => id);
        return ids.length === 0 ? { rows: [], readAtMs: Date.now() } : store.readRows(ids);
      },
      write: async (fence, next) => {
        const result = await store.write(fence, next);
        if (result.kind === 'written') this.put(result.row.job);
        return result;
      },
    };
  }

  /** How many of the rows that are really due it has wrong. */
  async countMistakes(firestore: Firestore): Promise<number> {
    const due = firestore.collection('outbox').where('nextAttemptAt', '>', new Date(0));
    const { docs } = await due.select('slot', 'nextAttemptAt').get();
    const wrong = docs.filter((row) => {
      const place = this.#places.get(row.id);
      const dueMs = (row.get('nextAttemptAt') as { toMillis: () => number }).toMillis();
      return place?.slot !== row.get('slot') || place?.dueMs !== dueMs;
    });
    return wrong.length + Math.abs(docs.length - this.size);
  }
}

/** Where an entry is, or would stand. */
function positionOf(entries: readonly Entry[], entry: Entry): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(entries[middle]!, entry) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function compare(a: Entry, b: Entry): number {
  if (a.dueMs !== b.dueMs) return a.dueMs - b.dueMs;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
