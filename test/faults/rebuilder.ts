import { flushCompileCache } from 'node:module';
import { createFirestoreProjections } from '../../functions/src/events/firestore/index.ts';
import { testCatalog } from '../../functions/src/events/testing/catalog.ts';
import { ledger, totals } from '../../functions/src/events/testing/read-models.ts';
import { systemIds } from '../../functions/src/kernel/index.ts';
import { openEmulatorFirestore } from '../../functions/src/kernel/testing/emulator-firestore.ts';
import { createFirestoreOutboxStore } from '../../functions/src/outbox/firestore/index.ts';

// A process that rebuilds read models, as far as another left them, until somebody kills it or all is done.

/** The emulator has no index: it sorts all 20,000 events for every page. */
const PAGE_SIZE = 1_000;

const firestore = openEmulatorFirestore();
const projections = createFirestoreProjections(firestore, {
  catalog: testCatalog,
  ids: systemIds,
  store: createFirestoreOutboxStore(firestore),
  pageSize: PAGE_SIZE,
});

// Nobody is left to kill it.
process.on('disconnect', () => process.exit());
// Whoever is killed leaves nothing behind for its successor unless it does so now.
flushCompileCache();
for (const projection of [totals, ledger]) {
  let step = await projections.rebuildStep(projection, 'org1');
  while (step.kind !== 'idle') {
    process.send?.({ projection: projection.id, step: step.kind }, () => undefined);
    step = await projections.rebuildStep(projection, 'org1');
  }
}
process.exit();
