import type { Firestore } from 'firebase-admin/firestore';
import type { Ids } from '#kernel';
import { addWrite, createDocumentReader, createRunTransaction } from '#kernel/firestore';
import type { OutboxStore } from '#outbox';
import type { Catalog } from '../catalog/catalog.ts';
import type { Projections } from '../projections/projections.ts';
import { createProjections } from '../projections/projections.ts';
import { createReadFacts } from './projection-facts.ts';
import { createReadLogPage } from './read-log.ts';

/** Events of a page of a rebuild: in one commit, with a marker and a document for each at most. */
const PAGE_SIZE = 200;

/** Read models in Firestore. */
export function createFirestoreProjections(
  firestore: Firestore,
  deps: {
    readonly catalog: Catalog;
    readonly ids: Ids;
    readonly store: Pick<OutboxStore, 'readControls'>;
    /** Default: 200. */
    readonly pageSize?: number;
  },
): Projections {
  const reader = createDocumentReader(firestore);
  return createProjections({
    pageSize: PAGE_SIZE,
    ...deps,
    reader,
    readPage: createReadLogPage(firestore),
    runTransaction: createRunTransaction(firestore),
    commit: async (writes) => {
      const batch = firestore.batch();
      for (const write of writes) addWrite(firestore, batch, write);
      await batch.commit();
    },
    readFacts: createReadFacts(firestore, { ...deps, reader }),
  });
}
