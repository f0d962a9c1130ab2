import type { Firestore } from 'firebase-admin/firestore';
import { FieldValue, Timestamp } from 'firebase-admin/firestore';
import { systemIds } from '#kernel';
import { createFirestoreOutboxStore } from '#outbox/firestore';
import type { OutboxJob } from '#outbox';
import { Engine } from '../../outbox/testing/engine.ts';
import { Bus } from '../bus/bus.ts';
import type { DomainEvent } from '../event.ts';
import { createEventLoader } from '../firestore/event-log.ts';
import { createFirestoreProjections } from '../firestore/projections.ts';
import { decodeReadModel } from '../projections/apply-event.ts';
import type { Projection } from '../projections/projection.ts';
import { projectionSubscription } from '../projections/projection-subscription.ts';
import type { Projections } from '../projections/projections.ts';
import type { TestEvent } from './catalog.ts';
import { testCatalog } from './catalog.ts';
import { ledger, totals } from './read-models.ts';
import { documentOf } from './stored-event.ts';

/** Two read models of invoices, kept by the engine on an empty Firestore. */
export class KeptReadModels {
  readonly engine: Engine;
  readonly projections: Projections;
  readonly #firestore: Firestore;
  #jobs = 0;

  static async open(
    firestore: Firestore,
    projections: readonly Projection<unknown, 'invoice.*'>[] = [totals, ledger],
  ): Promise<KeptReadModels> {
    const bus = new Bus<TestEvent>();
    for (const projection of projections) {
      bus.subscribe(projection.pattern, projectionSubscription(testCatalog, projection));
    }
    // Another loader for each event: none of them is known before it is recorded.
    const handlers = bus.handlers((eventId) => createEventLoader(firestore, testCatalog)(eventId));
    return new KeptReadModels(firestore, await Engine.open(firestore, ...handlers));
  }

  private constructor(firestore: Firestore, engine: Engine) {
    this.#firestore = firestore;
    this.engine = engine;
    this.projections = createFirestoreProjections(firestore, {
      catalog: testCatalog,
      ids: systemIds,
      store: createFirestoreOutboxStore(firestore),
    });
  }

  /** Writes events, recorded at this time: now, where nothing is said. */
  async record(events: readonly DomainEvent[], at?: Date): Promise<void> {
    const batch = this.#firestore.batch();
    for (const event of events) {
      const timestamp = at === undefined ? FieldValue.serverTimestamp() : Timestamp.fromDate(at);
      batch.create(
        this.#firestore.doc(`domain_events/${event.eventId}`),
        documentOf(event, timestamp),
      );
    }
    await batch.commit();
  }

  /** A job of the event for each projection; another one, if asked again. */
  async jobs(event: DomainEvent, ...projections: readonly Projection[]): Promise<OutboxJob[]> {
    const { eventId, eventType, orgId } = event;
    return Promise.all(
      projections.map(({ id: jobType }) => {
        this.#jobs += 1;
        const id = `${jobType}:${orgId}:${eventId}~r${this.#jobs}`;
        return this.engine.due({ id, jobType, orgId, eventId, eventType });
      }),
    );
  }

  /** Every document of a read model, whatever its generation, by its path. */
  async documents({ collection }: Projection): Promise<Record<string, unknown>> {
    const { docs } = await this.#firestore.collection(collection).get();
    return Object.fromEntries(docs.map((doc) => [doc.id, decodeReadModel(doc.data())]));
  }

  /** The same of the generation of a number, by their keys. */
  async generation(projection: Projection, generation: number): Promise<Record<string, unknown>> {
    const all = Object.entries(await this.documents(projection));
    const own = all.filter(([id]) => id.split('~')[1]?.split('-')[0] === String(generation));
    const byKey = own.map(([id, document]) => [String(id.split('~')[2]), document] as const);
    return Object.fromEntries(byKey);
  }
}
