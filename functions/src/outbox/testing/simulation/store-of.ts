import { createMemoryOutboxStore } from '../../memory/memory-store.ts';
import type { OutboxStore } from '../../store.ts';
import { finish } from './courses.ts';
import type { Process } from './process.ts';
import { sendingTwice } from './sending-twice.ts';
import { COUNTER } from './promises/effects.ts';
import type { World } from './world.ts';

/** Changes nothing but the version of what all transactions read. */
const TOUCH = { kind: 'merge', path: COUNTER, data: {} } as const;

/** The one database, as a process sees it: each operation is a stop before it and one after it. */
export function storeOf({ documents, faults, judge }: World, process: Process): OutboxStore {
  const turn = (label: string): Promise<void> =>
    process.stop(label.endsWith(' answered') ? 'answer' : 'request', label, { canFail: true });
  const store = sendingTwice(createMemoryOutboxStore(documents, turn), process, faults);
  return {
    ...store,
    transact: async (row, work) => {
      const isCrowded = faults.isCrowded();
      const result = await store.transact(row, async (transaction) => {
        const planned = await work(transaction);
        if (isCrowded) documents.commit([{ write: TOUCH }]);
        return planned;
      });
      const call = judge.ledger.run(row.job.runId)?.call;
      if (result.kind !== 'contended' || call === undefined) return result;
      judge.ledger.contentions += 1;
      finish(call, 'retry-after');
      return result;
    },
  };
}
