import { defineInt, defineSecret, defineString } from 'firebase-functions/params';
import { parsePhoneHashKey } from '../features/compliance/index.ts';
import { parseWebhookSecrets } from '../features/orders/index.ts';
import type { Settings } from './settings.ts';
import { DEFAULT_SETTINGS, parseSettings } from './settings.ts';

const { OUTBOX_SCHEDULE, OUTBOX_MAX_WORKERS, ...others } = DEFAULT_SETTINGS;

/** When the tick runs, as unix-cron: only then is a run's schedule time the same over its retries. */
export const outboxSchedule = defineString('OUTBOX_SCHEDULE', { default: OUTBOX_SCHEDULE });

/** Workers at once, besides the tick. */
export const maxWorkers = defineInt('OUTBOX_MAX_WORKERS', { default: OUTBOX_MAX_WORKERS });

/** When what nothing else would find is looked for. */
export const dailySchedule = defineString('DAILY_SCHEDULE', { default: '0 3 * * *' });

/** What Stripe signs its events with: one secret, or two parted by a comma while one replaces the other. */
export const stripeWebhookSecrets = defineSecret('STRIPE_WEBHOOK_SECRETS');

/** The secrets of `STRIPE_WEBHOOK_SECRETS`; throws `invalid-setting` where it has none. */
export function readWebhookSecrets(): readonly string[] {
  return parseWebhookSecrets(stripeWebhookSecrets.value());
}

/** What phone numbers are hashed with, for ever: with another one every phone is a stranger. */
export const phoneHashKey = defineSecret('PHONE_HASH_KEY');

/** The key of `PHONE_HASH_KEY`; throws `invalid-setting` where it is none. */
export function readPhoneHashKey(): string {
  return parsePhoneHashKey(phoneHashKey.value());
}

const params = Object.entries(others).map(([name, value]) =>
  typeof value === 'number'
    ? defineInt(name, { default: value })
    : defineString(name, { default: value }),
);

/** Reads the deployment's parameters; called at the first call, never while the code is loaded. */
export function readSettings(): Settings {
  const all = [outboxSchedule, maxWorkers, ...params];
  return parseSettings(Object.fromEntries(all.map((param) => [param.name, param.value()])));
}
