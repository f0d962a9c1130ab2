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
import type { Access, Logger } from '#kernel';
import { systemClock, systemIds, systemRandom } from '#kernel';
import { createDocumentReader, createRunTransaction } from '#kernel/firestore';
import type { Processor, TaskQueue } from '#outbox';
import { createProcessor } from '#outbox';
import { createFirestoreOutboxStore } from '#outbox/firestore';
import { createMatterAccess } from '../features/matters/index.ts';
import { organizationAccess } from '../features/organizations/index.ts';
import type { AnyEvent } from './catalog.ts';
import { catalog } from './catalog.ts';
import type { EventLogQuestions } from './event-log.ts';
import { createEventLogQuestions } from './event-log.ts';
import type { Settings } from './settings.ts';
import type { Subscriptions } from './subscriptions.ts';
import { createSubscriptions } from './subscriptions.ts';

/** Everything an invocation works with; one per instance. */
export interface Backend extends EventLogQuestions {
  readonly firestore: Firestore;
  readonly emit: EmitDomainEvent<AnyEvent>;
  readonly emitBatch: EmitBatch<AnyEvent>;
  /** The organizations' own event types; who may register one is for the caller to decide. */
  readonly customTypes: CustomTypes;
  readonly commands: CommandDeps<AnyEvent>;
  /** Reads the entities' events and states. */
  readonly streams: Streams;
  /** The read models. */
  readonly projections: Projections;
  readonly processor: Processor;
  readonly subscriptions: Subscriptions;
}

const access: Access = { ...organizationAccess, ...createMatterAccess(organizationAccess) };

/** Puts the backend together; starts no I/O by itself. */
export function createBackend(deps: {
  readonly firestore: Firestore;
  readonly settings: Settings;
  readonly logger: Logger;
  /** Default: nobody is called, every sweep works alone. */
  readonly taskQueue?: TaskQueue;
  readonly stopping?: AbortSignal;
}): Backend {
  const { firestore, settings, logger, taskQueue, stopping } = deps;
  const { nextTickMs, maxWorkers } = settings;
  const reader = createDocumentReader(firestore);
  const subscriptions = createSubscriptions({ ...deps, reader });
  const runTransaction = createRunTransaction(firestore);
  const customTypes = createCustomTypes({
    reader,
    runTransaction,
    ids: systemIds,
    clock: systemClock,
  });
  const emitDeps = {
    catalog,
    customTypes,
    jobsFor: (eventType: string) => subscriptions.jobsFor(eventType),
    slots: settings.processor.slots,
    ids: systemIds,
    logger,
    sourceService: 'firestore-outbox',
  };
  const emit = createFirestoreEmit<AnyEvent>(firestore, emitDeps);
  const streams = createStreams({
    source: createFirestoreStreamSource(firestore, catalog.decode),
    runTransaction,
    ids: systemIds,
    logger,
    snapshotEvery: settings.snapshotEvery,
  });
  const store = createFirestoreOutboxStore(firestore);
  const withCommand = createWithCommand({ runTransaction, ids: systemIds });
  return {
    ...createEventLogQuestions(firestore),
    firestore,
    emit,
    emitBatch: createFirestoreEmitBatch<AnyEvent>(firestore, emitDeps),
    customTypes,
    subscriptions,
    streams,
    projections: createFirestoreProjections(firestore, { catalog, ids: systemIds, store }),
    commands: { withCommand, access, emit, streams },
    processor: createProcessor({
      store,
      clock: systemClock,
      ids: systemIds,
      random: systemRandom,
      logger,
      settings: settings.processor,
      stopping,
      scaleOut: taskQueue && { queue: taskQueue, nextTickMs, maxWorkers },
    }),
  };
}
