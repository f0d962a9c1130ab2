import { join } from 'node:path';
import type { ArchiveStorage } from '../../functions/src/events/index.ts';
import {
  Bus,
  createLocalDirectory,
  createPlanImport,
  defaultHeadPathOf,
  projectionSubscription,
} from '../../functions/src/events/index.ts';
import {
  createArchiveSource,
  createEventLoader,
  createEventQueries,
  createFirestoreProjections,
} from '../../functions/src/events/firestore/index.ts';
import type { TestEvent } from '../../functions/src/events/testing/catalog.ts';
import { testCatalog } from '../../functions/src/events/testing/catalog.ts';
import { ledger, totals } from '../../functions/src/events/testing/read-models.ts';
import { systemIds } from '../../functions/src/kernel/index.ts';
import { createDocumentReader } from '../../functions/src/kernel/firestore/index.ts';
import type { Firestore } from '../../functions/src/kernel/testing/emulator-firestore.ts';
import type { AnyOperationKind, Replayable } from '../../functions/src/operations/index.ts';
import {
  archive,
  importEvents,
  rebuild,
  redrive,
  replay,
  restore,
} from '../../functions/src/operations/index.ts';
import { createDeadLetterRows } from '../../functions/src/outbox/firestore/index.ts';
import type { JobHandler, OutboxStore } from '../../functions/src/outbox/index.ts';
import { LOCAL_DIR } from '../../tools/paths.ts';

/** Where operations that are killed have their files. */
export function openFiles(): ArchiveStorage {
  return createLocalDirectory(join(LOCAL_DIR, 'faults', 'files'), systemIds);
}

/** It stands in no line here: each invoice has one event, and lines would ask a query for each. */
const replayed: Replayable = {
  takes: () => true,
  isOrdered: false,
  hasSideEffects: false,
  counts: false,
};

/** What keeps the read model that events are given to again. */
export function readModelHandlers(firestore: Firestore): readonly JobHandler[] {
  const bus = new Bus<TestEvent>();
  bus.subscribe(ledger.pattern, projectionSubscription(testCatalog, ledger));
  return bus.handlers((eventId) => createEventLoader(firestore, testCatalog)(eventId));
}

/** The kinds of operations whose workers are killed, of the test catalog. */
export function createKinds(
  firestore: Firestore,
  store: OutboxStore,
): ReadonlyMap<string, AnyOperationKind> {
  const customTypes = { readerOf: () => Promise.reject(new Error('There are none.')) };
  const from = { catalog: testCatalog, ids: systemIds };
  const events = createEventQueries(firestore, testCatalog);
  const archives = {
    source: createArchiveSource(firestore),
    storage: openFiles,
    headPathOf: defaultHeadPathOf,
    reducersOf: () => [],
  };
  const kinds: readonly AnyOperationKind[] = [
    archive({ ...archives, afterDays: 90, leastDays: 7 }),
    restore(archives),
    redrive({ deadLetters: createDeadLetterRows(firestore), store, isOrdered: () => false }),
    rebuild({
      projections: createFirestoreProjections(firestore, { ...from, store }),
      all: [totals],
      archives: archives.source,
      events,
    }),
    replay({ events, archives: archives.source, subscriptions: new Map([[ledger.id, replayed]]) }),
    importEvents({
      storage: openFiles,
      planImport: createPlanImport({ ...from, customTypes }),
      reader: createDocumentReader(firestore),
      isFollowed: () => false,
    }),
  ];
  return new Map(kinds.map((kind) => [kind.kind, kind]));
}
