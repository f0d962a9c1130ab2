/** A request's body as it came, and what it is signed with. */
export interface SignedBody {
  readonly body: Uint8Array | undefined;
  /** The header `stripe-signature`. */
  readonly signature: string | undefined;
}

/** What a body that is signed says; or that it is not. */
export type Verified =
  | { readonly kind: 'signed'; readonly event: unknown }
  | { readonly kind: 'refused' };

/**
 * Checks a body's signature by Stripe's own library, which is loaded at the first call; it asks the network
 * for nothing. Any of the secrets will do, so that one can be replaced while the other is still in use.
 * Refused where none of them made it, or it is older than five minutes.
 */
export async function verifySignature(
  { body, signature }: SignedBody,
  secrets: readonly string[],
): Promise<Verified> {
  if (body === undefined || signature === undefined) return { kind: 'refused' };
  const { Stripe } = await import('stripe');
  for (const secret of secrets) {
    try {
      return { kind: 'signed', event: Stripe.webhooks.constructEvent(body, signature, secret) };
    } catch (error) {
      // What is signed and yet no event of the kind that this reads is told apart by who reads it.
      if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) {
        return { kind: 'signed', event: undefined };
      }
    }
  }
  return { kind: 'refused' };
}
