import { signatureOf } from '../../functions/src/features/orders/testing/sign.ts';
import type { StripeEvent } from '../../functions/src/features/orders/testing/stripe-events.ts';
import { stripeEventsOf } from '../../functions/src/features/orders/testing/stripe-events.ts';
import { readTenantDocuments } from '../../tools/local/firestore-reader.ts';
import { signUp } from '../../tools/local/person.ts';
import { LOCAL_SECRETS } from '../../tools/local/settings.ts';
import type { Stack } from '../../tools/local/stack.ts';
import { waitFor } from '../../tools/local/wait-for.ts';

type Row = Readonly<Record<string, unknown>>;

/** What became of an order that was created, paid and delivered, as an operator sees it. */
export interface OrderStory {
  /** What Stripe was answered: to its event, to that again, to one that somebody else has signed. */
  readonly answers: readonly number[];
  /** The types of the order's events, and how many there are of each. */
  readonly types: Readonly<Record<string, number>>;
  readonly correlationIds: readonly string[];
  /** The customer's e-mail. */
  readonly email: Row | undefined;
}

const TIMEOUT_MS = 60_000;

/** Follows an order through the deployed functions, from its creation to its delivery. */
export async function followAnOrder(stack: Stack): Promise<OrderStory> {
  const ada = await signUp(stack, 'Ada', `ada-${crypto.randomUUID()}@example.test`);
  const { orgId } = await ada.call<{ orgId: string }>('createOrganization', {
    name: 'Ink & Co.',
    email: ada.email,
    displayName: ada.name,
  });
  const client = { orgId, name: 'Roe', email: 'roe@example.test' };
  const { clientId } = await ada.call<{ clientId: string }>('createClient', client);
  const order = await ada.call<{ orderId: string; amountMinor: number; currency: string }>(
    'createOrder',
    {
      orgId,
      clientId,
      currency: 'EUR',
      lines: [{ title: 'Ink', quantity: 2, unitAmountMinor: 3_000 }],
    },
  );
  const { orderId } = order;
  const checkoutUrl = 'https://checkout.example.test/a1';
  await ada.call('sendCheckout', { orgId, orderId, checkoutId: 'cs_test_a1', checkoutUrl });

  const paid = stripeEventsOf({ ...order, orgId }).succeeded(1);
  const answers = [
    await post(stack, paid, LOCAL_SECRETS.STRIPE_WEBHOOK_SECRETS),
    await post(stack, paid, LOCAL_SECRETS.STRIPE_WEBHOOK_SECRETS),
    await post(stack, paid, 'whsec_stolen'),
  ];
  const [shipment] = await waitFor(
    () => readTenantDocuments(stack, 'shipments', orgId),
    (shipments) => shipments.length === 1,
    { what: 'the shipment to be drafted', timeoutMs: TIMEOUT_MS },
  );
  const shipmentId = String(shipment?.['shipmentId']);
  await ada.call('markShipmentReady', { orgId, shipmentId });
  await ada.call('markShipmentInTransit', { orgId, shipmentId, carrier: 'DHL' });
  await ada.call('markShipmentDelivered', { orgId, shipmentId });
  const ofClient = (row: Row): boolean => row['recipientUid'] === `contact-${clientId}`;
  const rows = await waitFor(
    () => readTenantDocuments(stack, 'outbox', orgId),
    (all) => all.some((row) => ofClient(row) && row['status'] === 'sent'),
    { what: 'the client to be written', timeoutMs: TIMEOUT_MS },
  );
  const ofOrder = (event: Row): boolean =>
    (event['related'] as readonly string[]).includes(`order:${orderId}`);
  const events = await waitFor(
    async () => (await readTenantDocuments(stack, 'domain_events', orgId)).filter(ofOrder),
    (all) => all.some(({ eventType }) => eventType === 'invoice.issued'),
    { what: 'the invoice to be issued', timeoutMs: TIMEOUT_MS },
  );
  await ada.leave();
  return { answers, ...summaryOf(events), email: rows.find(ofClient) };
}

async function post(stack: Stack, event: StripeEvent, secret: string): Promise<number> {
  const body = JSON.stringify(event, undefined, 2);
  const response = await fetch(stack.functionUrl('paymentsWebhook'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'stripe-signature': signatureOf(body, secret) },
    body,
  });
  return response.status;
}

function summaryOf(events: readonly Row[]): Pick<OrderStory, 'types' | 'correlationIds'> {
  const types: Record<string, number> = {};
  const correlationIds = new Set<string>();
  for (const { eventType, metadata } of events) {
    const type = String(eventType);
    types[type] = (types[type] ?? 0) + 1;
    correlationIds.add((metadata as { readonly correlationId: string }).correlationId);
  }
  return { types, correlationIds: [...correlationIds] };
}
