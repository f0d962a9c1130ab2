import type { LogEntry } from '#kernel';
import { countingIds } from '../../kernel/testing/counting-ids.ts';
import type { Streams } from '../aggregates/load-aggregate.ts';
import { createStreams } from '../aggregates/load-aggregate.ts';
import { Catalog } from '../catalog/catalog.ts';
import type { Emit } from '../emit/emit.ts';
import { createEmit } from '../emit/emit.ts';
import { appendToStream } from '../streams/append-to-stream.ts';
import type { RaisedEvent } from '../streams/append-to-stream.ts';
import type { StreamRef } from '../streams/stream-source.ts';
import { ContendingDocuments } from './contending-documents.ts';
import type { GiftCardEvent } from './gift-card.ts';
import { giftCardEvents } from './gift-card.ts';
import { NO_CUSTOM_TYPES } from './custom-types.ts';
import { aPlanContext } from './plan-context.ts';

/** The gift card that these tests are about. */
export const CARD: StreamRef = { orgId: 'org1', entityType: 'gift_card', entityId: 'card1' };

/** Streams of gift cards in memory. */
export interface MemoryStreams {
  readonly documents: ContendingDocuments;
  readonly streams: Streams;
  readonly emit: Emit<GiftCardEvent>;
  /** What was logged. */
  readonly logged: readonly LogEntry[];
  /** Appends to `CARD`, in one transaction. */
  readonly append: (
    expectedVersion: number | 'any',
    ...events: readonly RaisedEvent<GiftCardEvent>[]
  ) => Promise<unknown>;
}

/** `pageSize`: events read at a time. */
export function openMemoryStreams({
  snapshotEvery = 100,
  pageSize = 3,
  documents = new ContendingDocuments(),
} = {}): MemoryStreams {
  const logged: LogEntry[] = [];
  const logger = { write: (entry: LogEntry) => void logged.push(entry) };
  const catalog = new Catalog(giftCardEvents);
  const { runTransaction } = documents;
  const ids = countingIds('token');
  const source = documents.source(catalog.decode, pageSize);
  const streams = createStreams({ source, runTransaction, ids, logger, snapshotEvery });
  const log = {
    commit: () => Promise.reject(new Error('Everything here is in a stream.')),
    readAll: async (paths: readonly string[]) => paths.map((path) => documents.byPath.get(path)),
  };
  const emit = createEmit<GiftCardEvent>({
    ...aPlanContext(),
    catalog,
    customTypes: NO_CUSTOM_TYPES,
    log,
  });
  const actor = { actorType: 'system', actorId: 'tests' } as const;
  return {
    documents,
    streams,
    emit,
    logged,
    append: (expectedVersion, ...events) =>
      runTransaction(ids.documentId(), (transaction) =>
        appendToStream<RaisedEvent<GiftCardEvent>>(
          (event) => emit({ ...event, actor }, { transaction }),
          CARD,
          expectedVersion,
          events,
        ),
      ),
  };
}
