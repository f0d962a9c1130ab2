import { createMemoryOutboxStore } from '../../memory/memory-store.ts';
import type { OutboxStore } from '../../store.ts';
import type { Process } from './process.ts';
import { sendingTwice } from './sending-twice.ts';
import type { World } from './world.ts';

/** The one database, as a process sees it: each operation is a stop before it and one after it. */
export function storeOf({ documents, faults }: World, process: Process): OutboxStore {
  const turn = (label: string): Promise<void> =>
    process.stop(label.endsWith(' answered') ? 'answer' : 'request', label, { canFail: true });
  return sendingTwice(createMemoryOutboxStore(documents, turn), process, faults);
}
