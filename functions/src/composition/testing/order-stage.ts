import type { DomainEvent } from '#events';
import type { Worker } from '#outbox';
import { openWorker, sweep } from '#outbox';
import type { StripeEvent, StripeTeller } from '../../features/orders/testing/stripe-events.ts';
import { stripeEventsOf } from '../../features/orders/testing/stripe-events.ts';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import * as commands from '../commands.ts';
import type { PaymentAnswer } from '../payments.ts';
import { backend, call, firestore } from './backend.ts';
import type { World } from './world.ts';
import { aWorld, EUROS } from './world.ts';

/** An order in a world of its own, and what Stripe may tell of it. */
export interface OrderStage {
  readonly world: World;
  readonly orderId: string;
  readonly tell: StripeTeller;
}

/** The link to pay the order with. */
export const CHECKOUT = {
  checkoutId: 'cs_test_a1',
  checkoutUrl: 'https://checkout.example.test/a1',
};
/** In two shipments, for 125.00. */
const LINES = [
  { title: 'Ink', quantity: 4, unitAmountMinor: 3_000, shippingGroup: 'a' },
  { title: 'Paper', quantity: 1, unitAmountMinor: 300, shippingGroup: 'a' },
  { title: 'Pen', quantity: 1, unitAmountMinor: 200 },
];

/** Clears the database and has ben create an order in the matter, by the request `the-order`. */
export async function openOrderStage(): Promise<OrderStage> {
  await clearFirestore(firestore);
  const world = await aWorld();
  const { orgId, matterId, clientId } = world;
  const said = { orgId, matterId, clientId, currency: 'EUR', lines: LINES };
  const created = await call(commands.createOrder, 'ben', said, 'the-order');
  const orderId = String(created['orderId']);
  return { world, orderId, tell: stripeEventsOf({ orgId, orderId, ...EUROS }) };
}

export function sendCheckout(
  { world: { orgId }, orderId }: OrderStage,
  said = {},
): Promise<unknown> {
  const input = { orgId, orderId, ...CHECKOUT, ...said };
  return call(commands.sendCheckout, 'cleo', input, 'a-request');
}

export function take(event: StripeEvent): Promise<PaymentAnswer> {
  return backend.payments.takeStripeEvent(event);
}

export function workerBy(by: 'trigger' | 'tick'): Worker {
  const handlers = backend.subscriptions.handlersFor();
  return openWorker(backend.processor, { by, handlers, budgetMs: 100_000 });
}

export async function tick(): Promise<void> {
  await sweep(workerBy('tick'), { lastFromZeroElapsedMs: undefined });
}

/** Ticks until there is nothing to do, which a few have time for. */
export async function settle(): Promise<void> {
  const pending = firestore.collection('outbox').where('status', '==', 'pending');
  for (let ticks = 0; ticks < 5; ticks += 1) {
    await tick();
    if ((await pending.get()).empty) return;
  }
  throw new Error('There is still something to do.');
}

export async function statusOf(path: string): Promise<unknown> {
  return (await firestore.doc(path).get()).get('status');
}

/** An event as it is stored. */
export type StoredEvent = Pick<
  DomainEvent,
  'eventId' | 'eventType' | 'entityId' | 'metadata' | 'related'
>;

/** Every event of the order and of what came of it. */
export async function eventsOf({ orderId }: OrderStage): Promise<StoredEvent[]> {
  const { docs } = await firestore
    .collection('domain_events')
    .where('related', 'array-contains', `order:${orderId}`)
    .get();
  return docs.map((row) => row.data() as StoredEvent);
}

/** How many events there are of each type. */
export async function countOf(stage: OrderStage): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { eventType } of await eventsOf(stage)) {
    counts[eventType] = (counts[eventType] ?? 0) + 1;
  }
  return counts;
}
