import type { Firestore } from 'firebase-admin/firestore';
import type { DomainEvent, LoadEvent } from '#events';
import { Bus, projectionSubscription } from '#events';
import { createEventLoader } from '#events/firestore';
import type { DocumentReader, Logger } from '#kernel';
import { systemClock } from '#kernel';
import type { Audience } from '#notifications';
import { createEmailHandler, createLogSender, createNotifSubscription } from '#notifications';
import type { HandlerLookup, JobHandler, OutboxStore, RetryPolicy } from '#outbox';
import { refuseMisfits } from '#outbox';
import { matterOf, matterPath } from '../features/matters/index.ts';
import { readAdmins, readMembers } from '../features/organizations/index.ts';
import type { AnyOperationKind } from '../operations/index.ts';
import { createAuditHandler, createStepHandler } from '../operations/index.ts';
import { auditSender } from './audit.ts';
import type { AnyEvent } from './catalog.ts';
import { catalog } from './catalog.ts';
import { createOperationKinds } from './operations.ts';
import type { EmitInTransaction } from './order-process.ts';
import { checkoutEmail, invoiceOrder, startFulfillment } from './order-process.ts';
import { PROJECTIONS } from './projections.ts';
import type { Settings } from './settings.ts';
import { SHORTEST_BUDGET_MS } from './settings.ts';

/** Who reacts to what in this deployment. */
export interface Subscriptions {
  jobsFor: Bus<AnyEvent>['jobsFor'];
  /** The handlers for one invocation; an event that is known already is not read again. */
  handlersFor(known?: DomainEvent): HandlerLookup;
  /** What operators may start. */
  readonly operationKinds: OperationKinds;
}

type OperationKinds = ReadonlyMap<string, AnyOperationKind>;

/** For looking at the handlers before there is an event to handle. */
const loadNothing: LoadEvent = () => Promise.resolve(undefined);

/** Who reacts, before there is anything to react to. */
interface Reactions {
  readonly bus: Bus<AnyEvent>;
  /** Handlers of jobs that subscriptions, or operators, make. */
  readonly childHandlers: readonly JobHandler[];
  readonly operationKinds: OperationKinds;
}

/** Registers every subscription and job handler. New ones are added here. */
export function createReactions(deps: {
  readonly reader: DocumentReader;
  readonly policy: RetryPolicy;
  readonly logger: Logger;
  readonly emit: EmitInTransaction;
  readonly operationKindsFor: (reactions: ReturnType<Bus<AnyEvent>['list']>) => OperationKinds;
}): Reactions {
  const { policy, emit, reader } = deps;
  const bus = new Bus<AnyEvent>();
  bus.subscribe('*', { ...createNotifSubscription(createAudience(deps.reader)), policy });
  for (const projection of PROJECTIONS) {
    bus.subscribe(projection.pattern, { ...projectionSubscription(catalog, projection), policy });
  }
  bus.subscribe('order.checkout_sent', { ...checkoutEmail(deps.reader), policy });
  bus.subscribe('order.paid', { ...startFulfillment(emit), policy });
  bus.subscribe('order.paid', { ...invoiceOrder(emit), policy });
  const email = createEmailHandler(createLogSender(deps.logger, systemClock), policy);
  const kinds = deps.operationKindsFor(bus.list());
  const steps = createStepHandler({ reader, kinds, clock: systemClock });
  const audit = createAuditHandler({ reader, send: auditSender(deps.logger) });
  return { bus, childHandlers: [email, steps, audit], operationKinds: kinds };
}

/** The subscriptions as invocations use them; throws `invalid-setting` for one that no worker could run. */
export function createSubscriptions(deps: {
  readonly firestore: Firestore;
  readonly reader: DocumentReader;
  readonly settings: Settings;
  readonly logger: Logger;
  readonly store: OutboxStore;
  readonly emit: EmitInTransaction;
}): Subscriptions {
  const { bus, childHandlers, operationKinds } = createReactions({
    ...deps,
    policy: deps.settings.policy,
    operationKindsFor: (reactions) => createOperationKinds({ ...deps, reactions }),
  });
  const handlersWith = (load: LoadEvent): JobHandler[] => [...bus.handlers(load), ...childHandlers];
  refuseMisfits(handlersWith(loadNothing), deps.settings.processor, SHORTEST_BUDGET_MS);
  return {
    operationKinds,
    jobsFor: (eventType) => bus.jobsFor(eventType),
    handlersFor: (known) => {
      const load = createEventLoader(deps.firestore, catalog, known);
      const handlers = handlersWith(load);
      const byType = new Map(handlers.map((handler) => [handler.jobType, handler]));
      return (jobType) => byType.get(jobType);
    },
  };
}

function createAudience(reader: DocumentReader): Audience {
  return {
    matterMembers: async (orgId, matterId) => {
      const matter = matterOf((await reader.get(matterPath(matterId))).data, orgId);
      return readMembers(reader, orgId, matter?.memberUids ?? []);
    },
    admins: (orgId, atMost) => readAdmins(reader, orgId, atMost),
  };
}
