import type { Firestore } from 'firebase-admin/firestore';
import type { Bus } from '#events';
import { matches } from '#events';
import { createEventQueries, createFirestoreProjections } from '#events/firestore';
import { systemIds } from '#kernel';
import type { OutboxStore } from '#outbox';
import { createDeadLetterRows } from '#outbox/firestore';
import type { AnyOperationKind, Replayable } from '../operations/index.ts';
import { cancel, rebuild, redrive, replay, verify } from '../operations/index.ts';
import type { AnyEvent } from './catalog.ts';
import { catalog } from './catalog.ts';
import { integrityOf } from './event-log.ts';
import { PROJECTIONS } from './projections.ts';

type Reactions = ReturnType<Bus<AnyEvent>['list']>;

/** The kinds of long operations that operators may start. New ones are added here. */
export function createOperationKinds(deps: {
  readonly firestore: Firestore;
  readonly store: OutboxStore;
  readonly reactions: Reactions;
}): ReadonlyMap<string, AnyOperationKind> {
  const { firestore, store } = deps;
  const events = createEventQueries(firestore, catalog);
  const subscriptions = replayableOf(deps.reactions);
  const isOrdered = (jobType: string): boolean => subscriptions.get(jobType)?.isOrdered === true;
  const overRows = { store, isOrdered, deadLetters: createDeadLetterRows(firestore) };
  const projections = createFirestoreProjections(firestore, { catalog, ids: systemIds, store });
  const kinds: readonly AnyOperationKind[] = [
    redrive(overRows),
    cancel(overRows),
    rebuild({ projections, all: PROJECTIONS }),
    verify({ integrity: integrityOf(firestore), events }),
    replay({ events, subscriptions }),
  ];
  return new Map(kinds.map((kind) => [kind.kind, kind]));
}

/** Transactional subscriptions whose jobs make e-mail jobs. */
const MAKE_MAIL: ReadonlySet<string> = new Set(['notif', 'order_checkout']);

function replayableOf(reactions: Reactions): ReadonlyMap<string, Replayable> {
  return new Map(
    reactions.map(({ pattern, subscription: { id, kind, ordered } }) => [
      id,
      {
        takes: (eventType) => matches(pattern, eventType),
        isOrdered: ordered !== undefined,
        hasSideEffects: kind === 'external' || MAKE_MAIL.has(id),
        counts: PROJECTIONS.some((projection) => projection.id === id && 'keyOf' in projection),
      },
    ]),
  );
}
