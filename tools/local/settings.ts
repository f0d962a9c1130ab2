/**
 * The one table of what is quicker on a developer's machine than in production, so that retries and
 * dead workers can be watched. Everything else runs with its default.
 */
export const QUICK_SETTINGS = {
  OUTBOX_RETRY_INITIAL_MS: '1000',
  OUTBOX_TIMEOUT_MS: '6000',
  OUTBOX_START_MARGIN_MS: '1000',
  OUTBOX_LEASE_MS: '8000',
  // One machine plays all parts at once: two seconds say nothing there.
  ALERT_P95_MS: '60000',
} as const;

/** As in production. */
export const SCHEDULED_TICK_MS = 120_000;
/** While somebody watches the scenario. */
export const QUICK_TICK_MS = 2000;

/** What production keeps in Secret Manager; nobody outside this machine can sign with it what matters. */
export const LOCAL_SECRETS = {
  STRIPE_WEBHOOK_SECRETS: 'whsec_local',
  PHONE_HASH_KEY: 'local-phone-numbers-are-hashed-with-this',
} as const;
