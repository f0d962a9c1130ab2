import { grpcCode, FAILED_PRECONDITION } from '../../functions/src/kernel/firestore/index.ts';
import { backend, firestore } from './backend.ts';
import type { Drain, Drained } from './drain.ts';
import { take } from './drain.ts';
import type { Claimed, Snapshot } from './raw-writes.ts';
import { RawWriter } from './raw-writes.ts';
import { runMany } from './run-many.ts';
import { normalSlotsOf } from './slots.ts';
import { timedAndMetered } from './timed.ts';

const outbox = firestore.collection('outbox');

/**
 * The calls that a drain cannot do without, and nothing else: a page, a conditional claim and a
 * conditional settle for each job, and in a line the question who is first. Page size, concurrency and
 * what is in the rows afterwards are the engine's; of each row only what changes is written.
 */
export async function drainRaw({
  handlerMs,
  isOrdered,
  share,
  atMost = Infinity,
}: Drain): Promise<Drained> {
  const { concurrency } = backend.processor.settings;
  const slots = normalSlotsOf(share);
  const writer = new RawWriter();
  let sent = 0;
  const runOne = async (row: Snapshot): Promise<void> => {
    const claimed = await claim(writer, row);
    if (claimed === undefined) return;
    await take(handlerMs);
    await writer.settle(claimed);
    sent += 1;
  };
  const runLine = async (orderingKey: string): Promise<void> => {
    for (let head = await readHead(orderingKey); head; head = await readHead(orderingKey)) {
      await runOne(head);
    }
  };
  const time = await timedAndMetered(async () => {
    for (;;) {
      const rows = await readPage(slots);
      if (rows.length === 0) return;
      if (isOrdered) await runMany(new Set(rows.map(lineOf)), concurrency, runLine);
      else await runMany(rows, concurrency, runOne);
      if (sent >= atMost) return;
    }
  });
  return { ...time, sent };
}

async function readPage(slots: readonly number[]): Promise<Snapshot[]> {
  const page = await outbox
    .where('slot', 'in', slots)
    .where('nextAttemptAt', '<=', new Date())
    .orderBy('nextAttemptAt')
    .limit(backend.processor.settings.pageSize)
    .get();
  return page.docs;
}

function lineOf(row: Snapshot): string {
  return String(row.get('orderingKey'));
}

async function readHead(orderingKey: string): Promise<Snapshot | undefined> {
  const line = outbox.where('orderingKey', '==', orderingKey).orderBy('sequence').limit(1);
  return (await line.get()).docs[0];
}

/** Undefined where another worker was first. */
async function claim(writer: RawWriter, row: Snapshot): Promise<Claimed | undefined> {
  try {
    return await writer.claim(row);
  } catch (error) {
    if (grpcCode(error) === FAILED_PRECONDITION) return undefined;
    throw error;
  }
}
