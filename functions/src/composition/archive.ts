import type { Firestore } from 'firebase-admin/firestore';
import type { ArchivedQuery, ArchiveDeps, ArchiveStorage, DomainEvent, EventPage } from '#events';
import { atNewestIfReadable, listArchived } from '#events';
import { createArchiveSource } from '#events/firestore';
import { phone } from '../features/compliance/index.ts';
import { catalog } from './catalog.ts';
import { headPathOf } from './head-paths.ts';
import { storageIn } from './storage.ts';

/** Whoever makes states of streams; their snapshots have to have what leaves for the archive. */
const REDUCERS = [phone];

/** What archives and restores of this deployment ask. `bucket`: see `storageIn`. */
export function archiveOf(firestore: Firestore, bucket: string): ArchiveDeps {
  let storage: ArchiveStorage | undefined;
  return {
    source: createArchiveSource(firestore),
    storage: () => {
      storage ??= storageIn(bucket);
      return storage;
    },
    headPathOf,
    reducersOf: (entityType) => REDUCERS.filter((reducer) => reducer.entityType === entityType),
  };
}

/** What can be asked of an organization's archive. */
export interface ArchiveQuestions {
  /** A page of a timeline; see `listArchived`. */
  readonly list: (asked: ArchivedQuery) => Promise<EventPage>;
  /** How many of its events are in the archive only. One read. */
  readonly count: (orgId: string) => Promise<number>;
}

function showEvent(event: DomainEvent): DomainEvent {
  return atNewestIfReadable(catalog, event);
}

/** Binds the questions to a database and its archive. */
export function createArchiveQuestions(firestore: Firestore, bucket: string): ArchiveQuestions {
  const archives = archiveOf(firestore, bucket);
  return {
    list: (asked) => listArchived({ ...archives, show: showEvent }, asked),
    count: async (orgId) => (await archives.source.state(orgId)).state?.events ?? 0,
  };
}
