import type { Firestore } from 'firebase-admin/firestore';
import type { CommandDeps, CustomTypes, EmitBatch, Projections, Streams } from '#events';
import { createCustomTypes, createStreams, createWithCommand } from '#events';
import type { EmitDomainEvent } from '#events/firestore';
import {
  createFirestoreEmit,
  createFirestoreEmitBatch,
  createFirestoreProjections,
  createFirestoreStreamSource,
} from '#events/firestore';
import type { Access, DocumentReader, Logger } from '#kernel';
import { systemClock, systemIds, systemRandom } from '#kernel';
import { createDocumentReader, createRunTransaction } from '#kernel/firestore';
import type { OutboxStore, Processor, TaskQueue } from '#outbox';
import { createProcessor } from '#outbox';
import { createFirestoreOutboxStore } from '#outbox/firestore';
import { createFirestoreMarkOverdueInvoices } from '../features/billing/firestore.ts';
import type { MarkOverdueInvoices } from '../features/billing/index.ts';
import { clientAccess } from '../features/clients/index.ts';
import { createMatterAccess } from '../features/matters/index.ts';
import { createOrganizationAccess } from '../features/organizations/index.ts';
import type { Operations } from '../operations/index.ts';
import { createListOperations } from '../operations/firestore.ts';
import { createOperations } from '../operations/index.ts';
import type { AnyEvent } from './catalog.ts';
import { catalog } from './catalog.ts';
import type { EventLogQuestions } from './event-log.ts';
import { createEventLogQuestions } from './event-log.ts';
import type { Monitoring } from './monitoring.ts';
import { createMonitoring } from './monitoring.ts';
import type { Payments } from './payments.ts';
import { createPayments } from './payments.ts';
import type { Settings } from './settings.ts';
import type { Subscriptions } from './subscriptions.ts';
import { createSubscriptions } from './subscriptions.ts';

/** Everything an invocation works with; one per instance. */
export interface Backend extends EventLogQuestions, Monitoring {
  readonly firestore: Firestore;
  readonly settings: Settings;
  readonly store: OutboxStore;
  readonly emit: EmitDomainEvent<AnyEvent>;
  readonly emitBatch: EmitBatch<AnyEvent>;
  /** The organizations' own event types; who may register one is for the caller to decide. */
  readonly customTypes: CustomTypes;
  readonly commands: CommandDeps<AnyEvent>;
  /** Reads the entities' events and states. */
  readonly streams: Streams;
  /** The read models. */
  readonly projections: Projections;
  /** The daily look for invoices that were not paid in time. */
  readonly markOverdueInvoices: MarkOverdueInvoices;
  /** Long work that operators start; who may is for the caller to decide. */
  readonly operations: Operations;
  /** What payment providers tell of orders. */
  readonly payments: Payments;
  readonly processor: Processor;
  readonly subscriptions: Subscriptions;
}

function createAccess(reader: DocumentReader): Access {
  const organization = createOrganizationAccess(reader);
  return { ...organization, ...createMatterAccess(organization), ...clientAccess };
}

/** Puts the backend together; starts no I/O by itself. */
export function createBackend(deps: {
  readonly firestore: Firestore;
  readonly settings: Settings;
  readonly logger: Logger;
  /** Default: nobody is called, every sweep works alone. */
  readonly taskQueue?: TaskQueue;
  readonly stopping?: AbortSignal;
}): Backend {
  const { firestore, settings, logger } = deps;
  const reader = createDocumentReader(firestore);
  const store = createFirestoreOutboxStore(firestore);
  const subscriptions = createSubscriptions({
    ...deps,
    reader,
    store,
    // Who reacts has to be known to emit, and some of them emit.
    emit: (event, options) => emit(event, options),
  });
  const runTransaction = createRunTransaction(firestore);
  const transacting = { runTransaction, ids: systemIds, logger };
  const customTypes = createCustomTypes({ ...transacting, reader, clock: systemClock });
  const emitDeps = {
    ...transacting,
    catalog,
    customTypes,
    jobsFor: (eventType: string) => subscriptions.jobsFor(eventType),
    slots: settings.processor.slots,
    sourceService: 'firestore-outbox',
  };
  const emit = createFirestoreEmit<AnyEvent>(firestore, emitDeps);
  const streams = createStreams({
    source: createFirestoreStreamSource(firestore, catalog.decode),
    ...transacting,
    snapshotEvery: settings.snapshotEvery,
  });
  const withCommand = createWithCommand({ ...transacting, keepMs: settings.keepCommandsMs });
  const monitoring = createMonitoring({ ...deps, reader, runTransaction, store, emit });
  return {
    ...createEventLogQuestions(firestore),
    ...monitoring,
    firestore,
    settings,
    store,
    emit,
    emitBatch: createFirestoreEmitBatch<AnyEvent>(firestore, emitDeps),
    customTypes,
    subscriptions,
    streams,
    projections: createFirestoreProjections(firestore, { catalog, ids: systemIds, store }),
    operations: createOperations({
      ...emitDeps,
      kinds: subscriptions.operationKinds,
      list: createListOperations(firestore),
    }),
    payments: createPayments({ runTransaction, emit }),
    commands: { withCommand, access: createAccess(reader), emit, streams },
    markOverdueInvoices: createFirestoreMarkOverdueInvoices(firestore, { ...transacting, emit }),
    processor: createEngine(store, deps, monitoring),
  };
}

/** The engine over `store`; see `createBackend`. */
function createEngine(
  store: OutboxStore,
  { settings, logger, taskQueue, stopping }: Parameters<typeof createBackend>[0],
  { metrics }: Monitoring,
): Processor {
  const { nextTickMs, maxWorkers } = settings;
  return createProcessor({
    store,
    clock: systemClock,
    ids: systemIds,
    random: systemRandom,
    logger,
    settings: settings.processor,
    stopping,
    observe: metrics.observe,
    scaleOut: taskQueue && { queue: taskQueue, nextTickMs, maxWorkers },
  });
}
