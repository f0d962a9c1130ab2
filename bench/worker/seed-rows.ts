import { catalog } from '../../functions/src/composition/catalog.ts';
import { planEvent } from '../../functions/src/events/emit/plan-event.ts';
import { systemIds } from '../../functions/src/kernel/index.ts';
import { toFirestore } from '../../functions/src/kernel/firestore/index.ts';
import { clearFirestore } from '../../functions/src/kernel/testing/clear-firestore.ts';
import { backend, deleted, firestore } from './backend.ts';
import { runMany } from './run-many.ts';
import { seed } from './seed.ts';
import { TENANT } from './tenant.ts';

const BATCH_SIZE = 500;
const BATCHES_AT_A_TIME = 4;
const MATTERS = 100;
/** Long ago: everything of it may be archived. */
const FIRST_MS = Date.parse('2020-01-01');

/** Empties the database and writes jobs of a thousand tenants that failed for good, a second apart. */
export async function seedDeadLetters(rows: number): Promise<void> {
  await seed({ jobs: rows, streams: undefined });
  const { docs } = await firestore.collection('outbox').select().get();
  await inBatches(docs, (batch, { ref }, n) => {
    const failure = { reason: 'permanent', at: new Date(FIRST_MS + n * 1_000) };
    const ended = { status: 'failed', attempts: 5, runs: 5, failure };
    batch.update(ref, { ...ended, nextAttemptAt: deleted });
  });
}

/** Empties the database and writes a tenant’s events, a second apart, none of them in a stream and none with a job. */
export async function seedEvents(events: number): Promise<void> {
  await clearFirestore(firestore);
  const { slots } = backend.processor.settings;
  const context = { catalog, ids: systemIds, slots, jobsFor: () => [], sourceService: 'bench' };
  const numbers = Array.from({ length: events }, (_, n) => n);
  await inBatches(numbers, (batch, n) => {
    const [event] = planEvent(context, anInvoiceSent(n), systemIds.documentId(), undefined).writes;
    if (event?.kind !== 'create') throw new Error('An event is planned to be created.');
    const timestamp = new Date(FIRST_MS + n * 1_000);
    batch.create(firestore.doc(event.path), { ...toFirestore(event.data), timestamp });
  });
}

function anInvoiceSent(n: number): Parameters<typeof planEvent>[1] {
  return {
    orgId: TENANT,
    eventType: 'invoice.sent',
    entityType: 'invoice',
    entityId: `invoice${n}`,
    actor: { actorType: 'user', actorId: 'uid1' },
    payload: { amountMinor: 125_000, currency: 'EUR' },
    matterId: `matter${n % MATTERS}`,
  };
}

async function inBatches<Item>(
  items: readonly Item[],
  add: (batch: ReturnType<typeof firestore.batch>, item: Item, n: number) => void,
): Promise<void> {
  const starts = Array.from(
    { length: Math.ceil(items.length / BATCH_SIZE) },
    (_, n) => n * BATCH_SIZE,
  );
  await runMany(starts, BATCHES_AT_A_TIME, async (start) => {
    const batch = firestore.batch();
    for (const [n, item] of items.slice(start, start + BATCH_SIZE).entries())
      add(batch, item, start + n);
    await batch.commit();
  });
}
