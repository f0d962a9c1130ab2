import type { DocumentData, DocumentReader } from '#kernel';
import { countingIds } from '../../kernel/testing/counting-ids.ts';
import type { DomainEvent } from '../event.ts';
import { DOMAIN_EVENTS } from '../event.ts';
import { decodeEvent } from '../emit/event-document.ts';
import type { ReadLogPage } from '../log/event-log-reader.ts';
import { timeOfPlace } from '../log/event-log-reader.ts';
import { decodeReadModel } from '../projections/apply-event.ts';
import type { AppliedTo } from '../projections/apply-event.ts';
import { applyLive } from '../projections/apply-live.ts';
import type { Projection } from '../projections/projection.ts';
import { readProjection } from '../projections/read-model.ts';
import type { RebuildDeps } from '../projections/rebuild.ts';
import { testCatalog } from './catalog.ts';
import { ContendingDocuments } from './contending-documents.ts';
import { documentOf } from './stored-event.ts';
import { StoredTime } from './stored-time.ts';

/** A log and read models in memory; what happens together meets where `documents` pause. */
export class ProjectionStage {
  readonly documents = new ContendingDocuments();
  readonly deps: RebuildDeps;
  /** By the server's clock, in milliseconds since the epoch. */
  nowMs = 1_893_456_000_000;
  readonly #ids = countingIds('token');
  readonly #reader: DocumentReader;

  constructor(pageSize = 200) {
    const { documents } = this;
    const get = async (path: string) => {
      await documents.pause();
      return { path, data: documents.byPath.get(path), readAtMs: this.nowMs };
    };
    this.#reader = {
      get,
      getAll: (paths) => Promise.all(paths.map(get)),
      list: async (collection, [field, value], limit) => {
        await documents.pause();
        return [...documents.byPath]
          .filter(([path, data]) => path.startsWith(`${collection}/`) && data[field] === value)
          .slice(0, limit)
          .map(([path, data]) => ({ path, data, readAtMs: this.nowMs }));
      },
    };
    this.deps = {
      catalog: testCatalog,
      readPage: this.#readPage,
      reader: this.#reader,
      runTransaction: documents.runTransaction,
      commit: async (writes) => {
        await documents.pause();
        for (const { path } of writes) documents.byPath.delete(path);
      },
      ids: this.#ids,
      pageSize,
    };
  }

  /** Puts an event into the log: from now on everybody reads it. */
  record(event: DomainEvent, atMs = this.nowMs): void {
    const data = documentOf(event, StoredTime.of(new Date(atMs)));
    this.documents.byPath.set(`${DOMAIN_EVENTS}/${event.eventId}`, data);
  }

  /** What a job of the event does. */
  live(projection: Projection, event: DomainEvent): Promise<AppliedTo> {
    return this.documents.runTransaction(this.#ids.documentId(), (tx) =>
      applyLive(tx, { catalog: testCatalog, projection }, event),
    );
  }

  read<State>(
    projection: Projection<State>,
    key: string,
    orgId = 'org1',
  ): Promise<State | undefined> {
    return readProjection(this.#reader, projection, { orgId, key });
  }

  /** The states of a read model by their keys, in all generations that are there. */
  states(projection: Projection): Record<string, unknown> {
    const states = this.#documentsOf(projection).map((data) => {
      return [String(data['key']), decodeReadModel(data).state] as const;
    });
    return Object.fromEntries(states);
  }

  countDocuments(projection: Projection): number {
    return this.#documentsOf(projection).length;
  }

  #documentsOf({ collection }: Projection): DocumentData[] {
    const found = [...this.documents.byPath].filter(([path]) => path.startsWith(`${collection}/`));
    return found.map(([, data]) => data);
  }

  readonly #readPage: ReadLogPage = async (orgId, { after, limit }) => {
    await this.documents.pause();
    const log = [...this.documents.byPath]
      .filter(([path, data]) => path.startsWith(`${DOMAIN_EVENTS}/`) && data['orgId'] === orgId)
      .flatMap(([, data]) => {
        const event = decodeEvent(data);
        return event === undefined ? [] : [{ event, place: placeOf(data) }];
      })
      .toSorted((a, b) => (isBefore(a.place, b.place) ? -1 : 1));
    const rest = log.filter(({ place }) => after === undefined || isBefore(after, place));
    const events = rest.slice(0, limit);
    const page = { events, last: events.at(-1)?.place, isLast: events.length < limit };
    const readAtMs = this.nowMs;
    await this.documents.pause();
    return { ...page, readAtMs };
  };
}

function placeOf(data: DocumentData) {
  const { seconds, nanoseconds } = data['timestamp'] as StoredTime;
  return { seconds, nanoseconds, id: String(data['eventId']) };
}

type Place = ReturnType<typeof placeOf>;

function isBefore(a: Place, b: Place): boolean {
  const apart = timeOfPlace(a) - timeOfPlace(b);
  return apart === 0 ? a.id < b.id : apart < 0;
}
