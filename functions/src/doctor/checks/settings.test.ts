import { expect, test } from '@jest/globals';
import { DEFAULT_RETRY_POLICY } from '#outbox';
import { DEFAULT_SETTINGS } from '../../outbox/testing/a-worker.ts';
import type { SettingsFacts } from './settings.ts';
import { judgeSettings } from './settings.ts';

const usual: SettingsFacts = {
  processor: DEFAULT_SETTINGS,
  policy: DEFAULT_RETRY_POLICY,
  maxWorkers: 10,
  apiRatePerMinute: 600,
  emailProvider: 'log',
  tickEveryMs: 120_000,
  isEmulator: true,
};
const processor = (said: object): Partial<SettingsFacts> => ({
  processor: { ...DEFAULT_SETTINGS, ...said },
});

test('the defaults are not suspicious', () => {
  expect(judgeSettings(usual)).toEqual([]);
});

test.each<[string, Partial<SettingsFacts>, string]>([
  ['a run that takes no whole page', processor({ maxJobsPerRun: 199 }), 'OUTBOX_MAX_JOBS_PER_RUN'],
  [
    'slots for several queries',
    processor({ slots: { normal: 31, bulk: 4 } }),
    'OUTBOX_NORMAL_SLOTS',
  ],
  ['bulk slots for several', processor({ slots: { normal: 8, bulk: 31 } }), 'OUTBOX_BULK_SLOTS'],
  ['workers without slots of their own', { maxWorkers: 13 }, 'OUTBOX_MAX_WORKERS'],
  ['ticks that are rare', { tickEveryMs: 900_000 }, 'OUTBOX_SCHEDULE'],
  ['a long lease', processor({ leaseMs: 1_800_000 }), 'OUTBOX_LEASE_MS'],
  [
    'a policy that tries once',
    { policy: { ...DEFAULT_RETRY_POLICY, maxAttempts: 1 } },
    'OUTBOX_MAX_ATTEMPTS',
  ],
  ['a low rate', { apiRatePerMinute: 59 }, 'API_RATE_PER_MINUTE'],
  ['mail for the log outside the emulator', { isEmulator: false }, 'EMAIL_PROVIDER'],
])('%s is suspicious', (_, said, where) => {
  const findings = judgeSettings({ ...usual, ...said });
  expect(findings).toEqual([
    expect.objectContaining({ code: 'setting-suspicious', severity: 'warning', where }),
  ]);
});

test.each<[string, Partial<SettingsFacts>]>([
  ['a run of one page', processor({ maxJobsPerRun: 200 })],
  ['as many slots as a query takes', processor({ slots: { normal: 30, bulk: 30 } })],
  ['as many workers as slots', { maxWorkers: 12 }],
  ['a tick every ten minutes', { tickEveryMs: 600_000 }],
  ['a call a second', { apiRatePerMinute: 60 }],
])('%s is not', (_, said) => {
  expect(judgeSettings({ ...usual, ...said })).toEqual([]);
});
