import { MINUTE_MS } from '#kernel';
import type { OutboxStore } from '../../store.ts';
import type { Faults } from './faults.ts';
import type { Process } from './process.ts';

/** How long the client waits for an answer at most before it sends again. */
const LONGEST_LAG_MS = 3 * MINUTE_MS;

/** A store whose client now and then loses an answer and, without a word, sends the write once more. */
export function sendingTwice(store: OutboxStore, process: Process, faults: Faults): OutboxStore {
  async function twice<T>(send: () => Promise<T>, mayRepeat: (sent: T) => boolean = () => true) {
    if (faults.isSentTwice()) {
      const sent = await send();
      if (!mayRepeat(sent)) return sent;
      const lagMs = faults.lagMs(LONGEST_LAG_MS);
      if (lagMs > 0) await process.lag(lagMs, 'send again');
    }
    return send();
  }
  return {
    ...store,
    write: (fence, next) => twice(() => store.write(fence, next)),
    writeAll: (updates) => twice(() => store.writeAll(updates)),
    // One that was not committed has no answer to lose.
    transact: (row, work) =>
      twice(
        () => store.transact(row, work),
        ({ kind }) => kind === 'settled',
      ),
    settle: (fence, next, effects) => twice(() => store.settle(fence, next, effects)),
    park: (row, nowMs) => twice(() => store.park(row, nowMs)),
  };
}
