import { getApps, initializeApp } from 'firebase-admin/app';
import type { Firestore } from 'firebase-admin/firestore';
import { getFirestore } from 'firebase-admin/firestore';
import type { CommandDeps } from '#events';
import { createWithCommand } from '#events';
import type { EmitDomainEvent } from '#events/firestore';
import { createFirestoreEmit } from '#events/firestore';
import type { Access, DocumentReader } from '#kernel';
import { systemClock, systemIds, systemRandom } from '#kernel';
import { createDocumentReader, createRunTransaction } from '#kernel/firestore';
import type { ProcessorDeps } from '#outbox';
import { createFirestoreOutboxStore } from '#outbox/firestore';
import { createMatterAccess } from '../features/matters/index.ts';
import { organizationAccess } from '../features/organizations/index.ts';
import type { AnyEvent } from './catalog.ts';
import { catalog } from './catalog.ts';
import { firebaseLogger } from './firebase-logger.ts';
import type { Settings } from './settings.ts';
import { readSettings } from './settings.ts';
import type { Subscriptions } from './subscriptions.ts';
import { createSubscriptions } from './subscriptions.ts';

/** Everything an invocation works with; one per instance. */
export interface Backend {
  readonly firestore: Firestore;
  readonly settings: Settings;
  readonly emit: EmitDomainEvent<AnyEvent>;
  readonly commands: CommandDeps<AnyEvent>;
  readonly processor: ProcessorDeps;
  readonly subscriptions: Subscriptions;
}

const access: Access = { ...organizationAccess, ...createMatterAccess(organizationAccess) };

let backend: Backend | undefined;

/** The backend of this instance, built at its first call; throws `invalid-setting` where one is wrong. */
export function getBackend(): Backend {
  backend ??= createBackend(readSettings());
  return backend;
}

function createBackend(settings: Settings): Backend {
  // firebase-functions may have made an app of its own, under another name.
  if (!getApps().some(({ name }) => name === '[DEFAULT]')) initializeApp();
  const firestore = getFirestore();
  const reader: DocumentReader = createDocumentReader(firestore);
  const subscriptions = createSubscriptions({ firestore, reader, settings });
  const emit = createFirestoreEmit<AnyEvent>(firestore, {
    catalog,
    jobsFor: (eventType) => subscriptions.jobsFor(eventType),
    slots: settings.processor.slots,
    ids: systemIds,
    logger: firebaseLogger,
    sourceService: 'firestore-outbox',
  });
  const runTransaction = createRunTransaction(firestore);
  return {
    ...{ firestore, settings, emit, subscriptions },
    commands: { withCommand: createWithCommand({ runTransaction, ids: systemIds }), access, emit },
    processor: {
      store: createFirestoreOutboxStore(firestore),
      clock: systemClock,
      ids: systemIds,
      random: systemRandom,
      logger: firebaseLogger,
      settings: settings.processor,
    },
  };
}

/**
 * Writes an event and its jobs in one Firestore commit, or neither: alone, or in the caller's
 * transaction or batch. What it promises and what not: `docs/explanation/guarantees.md`.
 */
export const emitDomainEventWithOutbox: EmitDomainEvent<AnyEvent> = ((
  ...parameters: Parameters<EmitDomainEvent<AnyEvent>>
) => getBackend().emit(...parameters)) as EmitDomainEvent<AnyEvent>;
