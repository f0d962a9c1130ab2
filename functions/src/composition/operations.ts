import type { Firestore } from 'firebase-admin/firestore';
import type { Bus, RecordedEvent } from '#events';
import { createCustomTypes, createPlanImport, matches } from '#events';
import { createEventQueries, createFirestoreProjections } from '#events/firestore';
import { systemClock, systemIds } from '#kernel';
import { createDocumentReader, createRunTransaction } from '#kernel/firestore';
import type { OutboxStore } from '#outbox';
import { createDeadLetterRows } from '#outbox/firestore';
import { createBooks } from '../features/billing/firestore.ts';
import type { AnyOperationKind, Replayable } from '../operations/index.ts';
import {
  archive,
  cancel,
  catchUp,
  exportAccounting,
  exportEvents,
  importEvents,
  purge,
  rebuild,
  redrive,
  replay,
  restore,
  verify,
} from '../operations/index.ts';
import { archiveOf } from './archive.ts';
import type { AnyEvent } from './catalog.ts';
import { catalog } from './catalog.ts';
import { integrityOf } from './event-log.ts';
import { PROJECTIONS } from './projections.ts';
import type { Settings } from './settings.ts';
import { LEAST_ARCHIVED_DAYS } from './settings.ts';

type Reactions = ReturnType<Bus<AnyEvent>['list']>;

/** The kinds of long operations that operators may start. New ones are added here. */
export function createOperationKinds(deps: {
  readonly firestore: Firestore;
  readonly store: OutboxStore;
  readonly reactions: Reactions;
  readonly settings: Pick<Settings, 'archive' | 'keepClosedDays'>;
}): ReadonlyMap<string, AnyOperationKind> {
  const { firestore, store } = deps;
  const events = createEventQueries(firestore, catalog);
  const subscriptions = replayableOf(deps.reactions);
  const isOrdered = (jobType: string): boolean => subscriptions.get(jobType)?.isOrdered === true;
  const overRows = { store, isOrdered, deadLetters: createDeadLetterRows(firestore) };
  const projections = createFirestoreProjections(firestore, { catalog, ids: systemIds, store });
  const { bucket, afterDays } = deps.settings.archive;
  const archives = archiveOf(firestore, bucket);
  const { storage } = archives;
  const kinds: readonly AnyOperationKind[] = [
    archive({ ...archives, afterDays, leastDays: LEAST_ARCHIVED_DAYS }),
    restore(archives),
    purge({ store, keepDays: deps.settings.keepClosedDays }),
    redrive(overRows),
    cancel(overRows),
    rebuild({ projections, all: PROJECTIONS, archives: archives.source, events }),
    verify({ integrity: integrityOf(firestore), archives, events }),
    replay({ archives: archives.source, events, subscriptions }),
    catchUp({ archives: archives.source, events, subscriptions }),
    exportEvents({ events, storage, show: showToOperators }),
    exportAccounting({ storage, tables: createBooks(firestore) }),
    importEvents({ ...importOf(firestore), storage }),
  ];
  return new Map(kinds.map((kind) => [kind.kind, kind]));
}

/** An event as operators see it; what shows it is loaded with the HTTP API’s own. */
async function showToOperators(event: RecordedEvent): Promise<unknown> {
  const { showEvent } = await import('../api/index.ts');
  return showEvent(event, { role: 'operator' });
}

function importOf(firestore: Firestore): Omit<Parameters<typeof importEvents>[0], 'storage'> {
  const reader = createDocumentReader(firestore);
  const runTransaction = createRunTransaction(firestore);
  const deps = { reader, runTransaction, ids: systemIds, clock: systemClock };
  return {
    reader,
    planImport: createPlanImport({ catalog, ids: systemIds, customTypes: createCustomTypes(deps) }),
    isFollowed: (eventType) =>
      PROJECTIONS.some((one) => 'entityType' in one && matches(one.pattern, eventType)),
  };
}

function replayableOf(reactions: Reactions): ReadonlyMap<string, Replayable> {
  return new Map(
    reactions.map(({ pattern, subscription: { id, ordered, ...subscription } }) => [
      id,
      {
        takes: (eventType) => matches(pattern, eventType),
        isOrdered: ordered !== undefined,
        hasSideEffects: subscription.kind === 'external' || subscription.makesExternalJobs === true,
        counts: PROJECTIONS.some((projection) => projection.id === id && 'keyOf' in projection),
      },
    ]),
  );
}
