import { DAY_MS, systemIds } from '../../functions/src/kernel/index.ts';
import { backend, deleted, firestore, serverTime } from './backend.ts';

const outbox = firestore.collection('outbox');

export type Snapshot = Awaited<ReturnType<typeof outbox.get>>['docs'][number];

/** A row that is ours since `writtenAt`. */
export interface Claimed {
  readonly row: Snapshot;
  readonly run: Readonly<Record<string, unknown>>;
  readonly writtenAt: Snapshot['updateTime'];
}

const KEEP_SENT_MS = 7 * DAY_MS;

/** Claims and settles through Firestore's own BulkWriter; what is written in one turn goes together. */
export class RawWriter {
  readonly #writer = firestore.bulkWriter({ throttling: false });
  #flushScheduled = false;

  async claim(row: Snapshot): Promise<Claimed> {
    const job = row.data();
    const nowMs = Date.now();
    const leaseEnd = new Date(nowMs + backend.processor.settings.leaseMs);
    const runId = systemIds.documentId();
    const attempt = Number(job['attempts']) + 1;
    const run = { runId, by: 'task', attempt, startedAt: new Date(nowMs), outcome: 'running' };
    const writtenAt = await this.#update(row, row.updateTime, {
      status: 'processing',
      attempts: attempt,
      runs: Number(job['runs']) + 1,
      runId,
      lease: { expiresAt: leaseEnd },
      nextAttemptAt: leaseEnd,
      history: [run],
      updatedAt: serverTime,
    });
    return { row, run, writtenAt };
  }

  async settle({ row, run, writtenAt }: Claimed): Promise<void> {
    const now = new Date();
    await this.#update(row, writtenAt, {
      status: 'sent',
      lease: deleted,
      nextAttemptAt: deleted,
      orderingKey: deleted,
      sequence: deleted,
      history: [{ ...run, endedAt: now, outcome: 'sent' }],
      sentAt: now,
      expireAt: new Date(now.getTime() + KEEP_SENT_MS),
      updatedAt: serverTime,
    });
  }

  async #update(
    { ref }: Snapshot,
    lastUpdateTime: Snapshot['updateTime'],
    fields: Readonly<Record<string, unknown>>,
  ): Promise<Snapshot['updateTime']> {
    const written = this.#writer.update(ref, fields, { lastUpdateTime });
    this.#flushSoon();
    return (await written).writeTime;
  }

  #flushSoon(): void {
    if (this.#flushScheduled) return;
    this.#flushScheduled = true;
    setImmediate(() => {
      this.#flushScheduled = false;
      // Each update has its own answer; the flush as a whole never rejects.
      this.#writer.flush().catch(() => undefined);
    });
  }
}
