import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Firestore } from 'firebase-admin/firestore';
import type { LogEntry } from '#kernel';
import { executeCommand } from '#events';
import { commands, firebaseLogger, getBackend } from '../composition/index.ts';
import { DEFAULT_SETTINGS } from '../composition/settings.ts';
import { signatureOf } from '../features/orders/testing/sign.ts';
import type { StripeTeller } from '../features/orders/testing/stripe-events.ts';
import { stripeEventsOf } from '../features/orders/testing/stripe-events.ts';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { measure } from '../kernel/testing/meter.ts';
import { paymentsWebhook } from './payments-webhook.ts';

const OLD = 'whsec_old';
const NEW = 'whsec_new';
const lines: LogEntry[] = [];
jest.spyOn(firebaseLogger, 'write').mockImplementation((entry) => lines.push(entry));

let server: Server;
let url: string;
let firestore: Firestore;
let tell: StripeTeller;
let orderPath: string;

/** Serves the function as the platform does, which also keeps the body as it came, where there is one. */
beforeAll(async () => {
  for (const [name, value] of Object.entries(DEFAULT_SETTINGS)) process.env[name] = String(value);
  ({ firestore } = getBackend());
  const handle = async (request: IncomingMessage, response: unknown): Promise<void> => {
    const rawBody = await buffer(request);
    const served = Object.assign(request, rawBody.length > 0 ? { rawBody } : {});
    await paymentsWebhook(served as never, response as never);
  };
  server = createServer((request, response) => {
    handle(request, response).catch(() => response.writeHead(599).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

beforeEach(async () => {
  process.env['STRIPE_WEBHOOK_SECRETS'] = `${OLD},${NEW}`;
  await clearFirestore(firestore);
  lines.length = 0;
  const ada = { uid: 'ada', role: 'admin', email: 'ada@example.test' };
  await firestore.doc('orgs/org1/members/ada').create({ orgId: 'org1', ...ada });
  const client = { orgId: 'org1', clientId: 'client1', name: 'Roe', email: 'roe@example.test' };
  await firestore.doc('clients/client1').create(client);
  const caller = { uid: 'ada', correlationId: 'the-order' };
  const { orderId, amountMinor } = await executeCommand(
    getBackend().commands,
    commands.createOrder,
    caller,
    {
      orgId: 'org1',
      clientId: 'client1',
      currency: 'EUR',
      lines: [{ title: 'Ink', quantity: 1, unitAmountMinor: 900 }],
    },
  );
  orderPath = `orders/${orderId}`;
  tell = stripeEventsOf({ orgId: 'org1', orderId, amountMinor, currency: 'EUR' });
});

interface Sending {
  readonly secret?: string;
  readonly timestamp?: number;
  readonly signature?: string | undefined;
  readonly method?: string;
}

async function send(event: unknown, sending: Sending = {}): Promise<Response> {
  const payload = typeof event === 'string' ? event : JSON.stringify(event);
  const { secret = OLD, method = 'POST', timestamp } = sending;
  const signature = signatureOf(payload, secret, timestamp === undefined ? {} : { timestamp });
  const header = 'signature' in sending ? sending.signature : signature;
  return fetch(url, {
    method,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...(header === undefined ? {} : { 'stripe-signature': header }),
    },
    ...(method === 'GET' ? {} : { body: payload }),
  });
}

const statusOf = async (): Promise<unknown> => (await firestore.doc(orderPath).get()).get('status');
const countOf = async (collection: string): Promise<number> =>
  (await firestore.collection(collection).get()).size;

describe('a signed event', () => {
  test.each([
    ['the secret in use', OLD],
    ['the one that replaces it', NEW],
  ])('by %s moves its order on, and is acknowledged', async (_, secret) => {
    expect((await send(tell.succeeded(1), { secret })).status).toBe(200);
    expect(await statusOf()).toBe('paid');
    expect(lines).toEqual([]);
  });

  test('costs two reads and four writes, and the second time no write', async () => {
    const event = tell.processing(1);
    // Read: whether it came before, and the order. Written: that it came, the order, the event, its job.
    expect(await measure(firestore, async () => send(event))).toEqual({
      reads: 2,
      writes: 4,
      deletes: 0,
    });
    expect(await measure(firestore, async () => send(event))).toMatchObject({ writes: 0 });
  });

  test('again and out of order is acknowledged, and changes nothing', async () => {
    const told = [tell.completed(3), tell.completed(3), tell.succeeded(3), tell.processing(1)];
    for (const event of told) expect((await send(event)).status).toBe(200);
    expect(await statusOf()).toBe('paid');
    expect(await countOf('domain_events')).toBe(2);
    const why = lines.map(({ message, why: reason }) => [message, reason]);
    expect(why).toEqual([
      ['payment event ignored', 'handled-before'],
      ['payment event ignored', 'repeated'],
      ['payment event ignored', 'late'],
    ]);
  });

  test('of a type that nothing is done with is acknowledged, and counted by its line', async () => {
    const event = { ...tell.succeeded(1), type: 'invoice.finalized' };
    expect((await send(event)).status).toBe(200);
    expect(lines).toEqual([
      {
        severity: 'INFO',
        message: 'payment event ignored',
        why: 'type',
        type: 'invoice.finalized',
      },
    ]);
  });

  test('of an order that there is not is acknowledged, and kept', async () => {
    const of = { orgId: 'org1', orderId: 'none', amountMinor: 900, currency: 'EUR' };
    expect((await send(stripeEventsOf(of).succeeded(1))).status).toBe(200);
    expect(await countOf('inbound_refused')).toBe(1);
    expect(lines).toEqual([
      { severity: 'WARNING', message: 'payment event kept for a look', reason: 'unknown-order' },
    ]);
  });

  test('that is none is acknowledged: another try would be none either', async () => {
    expect((await send('[1, 2]')).status).toBe(200);
    expect(lines).toMatchObject([{ message: 'payment event ignored', why: 'no-event' }]);
  });
});

describe('what is refused changes nothing:', () => {
  const secondsAgo = (seconds: number) => Math.floor(Date.now() / 1_000) - seconds;

  test.each<[string, number, Sending]>([
    ['without a signature', 400, { signature: undefined }],
    ['with one that is none', 400, { signature: 'x'.repeat(5_000) }],
    ['with a wrong one', 400, { secret: 'whsec_stolen' }],
    ['with a stale one', 400, { timestamp: secondsAgo(301) }],
    ['by another method', 405, { method: 'PUT' }],
    ['that is only asked', 405, { method: 'GET' }],
  ])('%s, %d', async (_, status, sending) => {
    const response = await send(tell.succeeded(1), sending);
    expect(response.status).toBe(status);
    expect(response.headers.get('allow')).toBe(status === 405 ? 'POST' : null);
    expect(await statusOf()).toBe('created');
    expect(await countOf('inbox')).toBe(0);
  });

  test('a body of one byte more than 256 KB, 413', async () => {
    const event = tell.succeeded(1, { padding: '' });
    const room = 256 * 1_024 - JSON.stringify(event).length;
    const padded = (bytes: number) => tell.succeeded(1, { padding: 'x'.repeat(bytes) });
    expect((await send(padded(room + 1))).status).toBe(413);
    expect(await statusOf()).toBe('created');
    expect((await send(padded(room))).status).toBe(200);
    expect(await statusOf()).toBe('paid');
  });

  test('no body at all, 400', async () => {
    expect((await send('', { signature: signatureOf('', OLD) })).status).toBe(400);
  });

  test('a body that was changed on its way, 400', async () => {
    const { created } = tell.succeeded(1);
    const payload = JSON.stringify(tell.succeeded(1));
    const signature = signatureOf(payload, OLD);
    const changed = payload.replace(String(created), String(created + 1));
    expect((await send(changed, { signature })).status).toBe(400);
  });
});

describe('our own failure is answered so that the provider sends it again', () => {
  test('where the secret is none', async () => {
    process.env['STRIPE_WEBHOOK_SECRETS'] = 'hunter2';
    const response = await send(tell.succeeded(1));
    expect(response.status).toBe(500);
    expect(`${await response.text()} ${JSON.stringify(lines)}`).not.toMatch(/hunter2/);
    expect(lines).toMatchObject([
      { severity: 'ERROR', message: 'payment event failed; the provider sends it again' },
    ]);
  });

  test('where the database fails, without a word of why', async () => {
    const broken = jest.spyOn(firestore, 'runTransaction');
    broken.mockRejectedValueOnce(new Error('14 UNAVAILABLE: 10.0.0.7'));
    const response = await send(tell.succeeded(1));
    expect([response.status, await response.text()]).toEqual([
      500,
      'Something went wrong on our side.',
    ]);
    expect((await send(tell.succeeded(1))).status).toBe(200);
    expect(await statusOf()).toBe('paid');
  });
});
