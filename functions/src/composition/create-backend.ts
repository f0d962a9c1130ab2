import type { Firestore } from 'firebase-admin/firestore';
import type { CommandDeps, Streams } from '#events';
import { createStreams, createWithCommand } from '#events';
import type { EmitDomainEvent } from '#events/firestore';
import { createFirestoreEmit, createFirestoreStreamSource } from '#events/firestore';
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
import type { Settings } from './settings.ts';
import type { Subscriptions } from './subscriptions.ts';
import { createSubscriptions } from './subscriptions.ts';

/** Everything an invocation works with; one per instance. */
export interface Backend {
  readonly firestore: Firestore;
  readonly emit: EmitDomainEvent<AnyEvent>;
  readonly commands: CommandDeps<AnyEvent>;
  /** Reads the entities' events and states. */
  readonly streams: Streams;
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
  const emit = createFirestoreEmit<AnyEvent>(firestore, {
    catalog,
    jobsFor: (eventType) => subscriptions.jobsFor(eventType),
    slots: settings.processor.slots,
    ids: systemIds,
    logger,
    sourceService: 'firestore-outbox',
  });
  const runTransaction = createRunTransaction(firestore);
  const streams = createStreams({
    source: createFirestoreStreamSource(firestore, catalog.decode),
    runTransaction,
    ids: systemIds,
    logger,
    snapshotEvery: settings.snapshotEvery,
  });
  const withCommand = createWithCommand({ runTransaction, ids: systemIds });
  return {
    firestore,
    emit,
    subscriptions,
    streams,
    commands: { withCommand, access, emit, streams },
    processor: createProcessor({
      store: createFirestoreOutboxStore(firestore),
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
