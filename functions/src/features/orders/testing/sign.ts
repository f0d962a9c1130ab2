import { Stripe } from 'stripe';

/** The header that Stripe signs a body with, by its own library. */
export function signatureOf(
  payload: string,
  secret: string,
  options: { readonly timestamp?: number; readonly scheme?: string } = {},
): string {
  return Stripe.webhooks.generateTestHeaderString({ payload, secret, ...options });
}
