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
 * Refused where none of them made it, or it is older than five minutes. What is signed and no JSON says undefined.
 */
export async function verifySignature(
  { body, signature }: SignedBody,
  secrets: readonly string[],
): Promise<Verified> {
  if (body === undefined || signature === undefined) return { kind: 'refused' };
  const { Stripe } = await import('stripe');
  const isBy = (secret: string): boolean => {
    try {
      return Stripe.webhooks.signature?.verifyHeader(body, signature, secret) === true;
    } catch {
      // It throws errors of several kinds for a header that is none; whichever: nobody has signed this.
      return false;
    }
  };
  return secrets.some(isBy) ? { kind: 'signed', event: parse(body) } : { kind: 'refused' };
}

/** As it was read to be verified. */
function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
