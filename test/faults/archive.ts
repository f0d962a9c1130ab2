import type { Firestore } from '../../functions/src/kernel/testing/emulator-firestore.ts';
import type { Row } from './database.ts';
import { countOpen, readRows } from './database.ts';

/**
 * Takes rows out of the outbox some time after they were sent, as TTL does, and keeps what they were. It
 * has to: the emulator has no indexes and reads every row there is for every query.
 */
export class Archive {
  readonly #firestore: Firestore;
  readonly #rows = new Map<string, Row>();
  /** When the sent rows that are still there were last written, as seen by the last look. */
  #written = new Map<string, string>();
  readonly #problems = new Set<string>();
  #open = 0;

  constructor(firestore: Firestore) {
    this.#firestore = firestore;
  }

  /** Rows that were not at their end when it last looked. */
  get open(): number {
    return this.#open;
  }

  /** How many rows it has taken out by now. */
  get size(): number {
    return this.#rows.size;
  }

  /** Takes out the sent rows that it has seen before. */
  async look(): Promise<void> {
    const { docs } = await this.#firestore.collection('outbox').where('status', '==', 'sent').get();
    const written = new Map(docs.map((row) => [row.id, timeOf(row.updateTime)]));
    const old = docs.filter(({ id }) => this.#written.has(id));
    const batch = this.#firestore.batch();
    for (const row of old) batch.delete(row.ref, { lastUpdateTime: row.updateTime });
    try {
      await batch.commit();
    } catch {
      // Somebody wrote one of them meanwhile: the next look sees which.
      return;
    }
    for (const [id, time] of this.#written) {
      if (written.get(id) !== time) this.#problems.add(`rewritten: ${id}, which was sent`);
    }
    for (const row of old) {
      if (this.#rows.has(row.id)) this.#problems.add(`rewritten: ${row.id}, which was done with`);
      this.#rows.set(row.id, row.data() as Row);
      written.delete(row.id);
    }
    this.#written = written;
    this.#open = await countOpen(this.#firestore);
  }

  /** Every row there was or is, and what was written that nobody may write. */
  async close(): Promise<{ rows: ReadonlyMap<string, Row>; problems: readonly string[] }> {
    const rows = new Map(this.#rows);
    for (const [id, row] of await readRows(this.#firestore)) {
      if (rows.has(id)) this.#problems.add(`rewritten: ${id}, which was done with`);
      rows.set(id, row);
    }
    return { rows, problems: [...this.#problems] };
  }
}

function timeOf({ seconds, nanoseconds }: { seconds: number; nanoseconds: number }): string {
  return `${seconds}.${nanoseconds}`;
}
