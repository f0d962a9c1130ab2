import { MINUTE_MS } from '#kernel';
import type { OutboxStore } from '../../store.ts';
import type { Faults } from './faults.ts';
import type { Process } from './process.ts';

/** How long the client waits for an answer at most before it sends again. */
const LONGEST_LAG_MS = 3 * MINUTE_MS;

/** A store whose client now and then loses an answer and, without a word, sends the write once more. */
export function sendingTwice(store: OutboxStore, process: Process, faults: Faults): OutboxStore {
  async function twice<T>(send: () => Promise<T>): Promise<T> {
    if (faults.isSentTwice()) {
      await send();
      const lagMs = faults.lagMs(LONGEST_LAG_MS);
      if (lagMs > 0) await process.lag(lagMs, 'send again');
    }
    return send();
  }
  return {
    ...store,
    write: (fence, next) => twice(() => store.write(fence, next)),
    writeAll: (updates) => twice(() => store.writeAll(updates)),
    settle: (fence, next, effects) => twice(() => store.settle(fence, next, effects)),
    park: (row, nowMs) => twice(() => store.park(row, nowMs)),
  };
}
