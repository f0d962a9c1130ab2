import type { Request } from 'firebase-functions/https';
import { onRequest } from 'firebase-functions/https';
import type { ServerResponse } from 'node:http';
import type { PaymentAnswer } from '../composition/index.ts';
import {
  getBackend,
  readWebhookSecrets,
  stripeWebhookSecrets,
  verifySignature,
} from '../composition/index.ts';
import { DEPLOYMENT } from './deployment.ts';
import { logs } from './logs.ts';

/** Far more than an event of Stripe's has. */
const MAX_BODY_BYTES = 256 * 1_024;

/**
 * Takes what Stripe tells of payments. Whatever is signed is acknowledged, also what nothing is done with; only
 * our own failure is answered with 5xx, and Stripe then sends it again, for three days.
 */
export const paymentsWebhook = onRequest(
  { ...DEPLOYMENT, secrets: [stripeWebhookSecrets] },
  async (request, response) => {
    try {
      send(response, await answerTo(request));
    } catch (error) {
      logs.paymentFailed(error);
      send(response, { status: 500, text: 'Something went wrong on our side.' });
    }
  },
);

interface Answer {
  readonly status: number;
  readonly text: string;
}

function send(response: ServerResponse, { status, text }: Answer): void {
  const allow = status === 405 ? { allow: 'POST' } : {};
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...allow }).end(text);
}

/** As the platform gives it, which has no `rawBody` for a request without a body. */
type Delivery = Pick<Request, 'method' | 'headers'> & Partial<Pick<Request, 'rawBody'>>;

async function answerTo({ method, headers, rawBody: body }: Delivery): Promise<Answer> {
  if (method !== 'POST') return { status: 405, text: 'Only POST is taken.' };
  const bytes = body?.length ?? 0;
  if (bytes > MAX_BODY_BYTES) return { status: 413, text: 'The body is too large.' };
  const signature = headers['stripe-signature'];
  const signed = { body, signature: typeof signature === 'string' ? signature : undefined };
  const verified = await verifySignature(signed, readWebhookSecrets());
  if (verified.kind === 'refused') {
    logs.paymentNotSigned();
    return { status: 400, text: 'The signature is missing, wrong or too old.' };
  }
  log(await getBackend().payments.takeStripeEvent(verified.event));
  return { status: 200, text: 'Taken.' };
}

/** One line for each that no order was changed by, to be counted by `message` and what it says. */
function log({ kind, ...what }: PaymentAnswer): void {
  if (kind === 'move') return;
  if (kind === 'refuse') logs.paymentKept(what);
  else logs.paymentIgnored(what);
}
