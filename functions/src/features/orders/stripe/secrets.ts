import { CodedError } from '#kernel';

/** As Stripe makes them. */
const SECRET = /^whsec_\S+$/;
/** The one in use, and the one that replaces it. */
const MAX_SECRETS = 2;

/**
 * The secrets that a webhook may be signed with, of `STRIPE_WEBHOOK_SECRETS`: one, or two parted by a comma.
 * Throws `invalid-setting`, which says nothing of what is there.
 */
export function parseWebhookSecrets(text: string): readonly string[] {
  const secrets = text.split(',').map((secret) => secret.trim());
  if (secrets.length <= MAX_SECRETS && secrets.every((secret) => SECRET.test(secret))) {
    return secrets;
  }
  throw new CodedError('invalid-setting', 'A secret of this deployment is wrong', [
    {
      path: 'STRIPE_WEBHOOK_SECRETS',
      message: 'expected one secret of a webhook endpoint (whsec_…), or two parted by a comma',
    },
  ]);
}
