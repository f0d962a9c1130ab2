import { defineInt, defineString } from 'firebase-functions/params';
import type { Settings } from './settings.ts';
import { DEFAULT_SETTINGS, parseSettings } from './settings.ts';

/** When the tick runs, as unix-cron: only then is a run's schedule time the same over its retries. */
export const outboxSchedule = defineString('OUTBOX_SCHEDULE', { default: '*/2 * * * *' });

/** When what nothing else would find is looked for. */
export const dailySchedule = defineString('DAILY_SCHEDULE', { default: '0 3 * * *' });

const params = Object.entries(DEFAULT_SETTINGS).map(([name, value]) =>
  typeof value === 'number'
    ? defineInt(name, { default: value })
    : defineString(name, { default: value }),
);

/** Reads the deployment's parameters; called at the first call, never while the code is loaded. */
export function readSettings(): Settings {
  return parseSettings(Object.fromEntries(params.map((param) => [param.name, param.value()])));
}
