import { join } from 'node:path';
import type { ArchiveStorage } from '../../functions/src/events/index.ts';
import {
  createLocalDirectory,
  createPlanImport,
  defaultHeadPathOf,
} from '../../functions/src/events/index.ts';
import {
  createArchiveSource,
  createFirestoreProjections,
} from '../../functions/src/events/firestore/index.ts';
import { testCatalog } from '../../functions/src/events/testing/catalog.ts';
import { totals } from '../../functions/src/events/testing/read-models.ts';
import { systemIds } from '../../functions/src/kernel/index.ts';
import { createDocumentReader } from '../../functions/src/kernel/firestore/index.ts';
import type { Firestore } from '../../functions/src/kernel/testing/emulator-firestore.ts';
import type { AnyOperationKind } from '../../functions/src/operations/index.ts';
import {
  archive,
  importEvents,
  rebuild,
  redrive,
  restore,
} from '../../functions/src/operations/index.ts';
import { createDeadLetterRows } from '../../functions/src/outbox/firestore/index.ts';
import type { OutboxStore } from '../../functions/src/outbox/index.ts';
import { LOCAL_DIR } from '../../tools/paths.ts';

/** Where operations that are killed have their files. */
export function openFiles(): ArchiveStorage {
  return createLocalDirectory(join(LOCAL_DIR, 'faults', 'files'), systemIds);
}

/** The kinds of operations whose workers are killed, of the test catalog. */
export function createKinds(
  firestore: Firestore,
  store: OutboxStore,
): ReadonlyMap<string, AnyOperationKind> {
  const customTypes = { readerOf: () => Promise.reject(new Error('There are none.')) };
  const from = { catalog: testCatalog, ids: systemIds };
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
      archives: createArchiveSource(firestore),
    }),
    importEvents({
      storage: openFiles,
      planImport: createPlanImport({ ...from, customTypes }),
      reader: createDocumentReader(firestore),
      isFollowed: () => false,
    }),
  ];
  return new Map(kinds.map((kind) => [kind.kind, kind]));
}
