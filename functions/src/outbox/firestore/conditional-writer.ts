import type { BulkWriter, Firestore, Timestamp, UpdateData } from 'firebase-admin/firestore';
import type { DocumentData } from '#kernel';
import {
  ABORTED,
  DEADLINE_EXCEEDED,
  grpcCode,
  INTERNAL,
  RESOURCE_EXHAUSTED,
  toFirestore,
  UNAVAILABLE,
} from '#kernel/firestore';

/** The client's own limit of retries for what may pass: contention, overload, a lost connection. */
const MAX_TRIES = 5;

/** One update that holds only while the document was last written at `lastUpdateTime`. */
export interface ConditionalUpdate {
  readonly path: string;
  readonly data: DocumentData;
  readonly lastUpdateTime: Timestamp;
}

/**
 * Sends conditional updates, those of one turn of the event loop together in one call.
 * A BatchWrite is not atomic: each update has its own answer, and one that loses takes no other with it.
 */
export class ConditionalWriter {
  readonly #firestore: Firestore;
  #writer: BulkWriter | undefined;
  #flushScheduled = false;

  constructor(firestore: Firestore) {
    this.#firestore = firestore;
  }

  /** Resolves to the write's time; rejects as Firestore does (9: no longer as read, 5: gone). */
  async update({ path, data, lastUpdateTime }: ConditionalUpdate): Promise<Timestamp> {
    const fields = toFirestore(data) as UpdateData<DocumentData>;
    const writer = this.#open();
    const result = writer.update(this.#firestore.doc(path), fields, { lastUpdateTime });
    this.#flushSoon(writer);
    return (await result).writeTime;
  }

  #open(): BulkWriter {
    if (this.#writer !== undefined) return this.#writer;
    // Its throttle starts at 500/s in every instance; ours is the number of jobs run at a time.
    const writer = this.#firestore.bulkWriter({ throttling: false });
    writer.onWriteError((error) => {
      const tryAgain = TRANSIENT.has(grpcCode(error)) && error.failedAttempts < MAX_TRIES;
      // A full call goes out without a flush, and what of it is to be sent again waits for one.
      if (tryAgain) this.#flushSoon(writer);
      return tryAgain;
    });
    this.#writer = writer;
    return writer;
  }

  #flushSoon(writer: BulkWriter): void {
    if (this.#flushScheduled) return;
    this.#flushScheduled = true;
    setImmediate(() => {
      this.#flushScheduled = false;
      // Each update has its own answer; the flush as a whole never rejects.
      writer.flush().catch(() => undefined);
    });
  }
}

/** What may pass: a deadline, overload, contention, trouble inside, a lost connection. */
const TRANSIENT: ReadonlySet<number | undefined> = new Set([
  DEADLINE_EXCEEDED,
  RESOURCE_EXHAUSTED,
  ABORTED,
  INTERNAL,
  UNAVAILABLE,
]);
