import { describe, expect, test } from '@jest/globals';
import { codedErrorOf } from '../events/testing/failure.ts';
import { readSettings } from './params.ts';
import { DEFAULT_SETTINGS, parseSettings } from './settings.ts';

/** The names that `parseSettings` finds fault with, the rest being the defaults. */
async function wrongNames(said: Record<string, unknown>): Promise<string[]> {
  const error = await codedErrorOf(() => parseSettings({ ...DEFAULT_SETTINGS, ...said }));
  expect(error.code).toBe('invalid-setting');
  for (const { path, message } of error.problems) {
    expect(error.message).toContain(`${path}: ${message}`);
    expect(message).toContain('expected');
  }
  return error.problems.map(({ path }) => path);
}

test('without a say the settings are the documented defaults', () => {
  expect(parseSettings(DEFAULT_SETTINGS)).toEqual({
    processor: {
      timeoutMs: 20_000,
      leaseMs: 60_000,
      startMarginMs: 5_000,
      concurrency: 20,
      pageSize: 200,
      maxJobsPerRun: 500,
      slots: { normal: 8, bulk: 4 },
      keepSentMs: 604_800_000,
    },
    policy: {
      initialMs: 60_000,
      multiplier: 2,
      maxMs: 960_000,
      maxAttempts: 5,
      jitter: 0.2,
      maxAgeMs: 259_200_000,
    },
    maxWorkers: 10,
    nextTickMs: expect.any(Function),
    snapshotEvery: 100,
    apiRatePerMinute: 600,
    emailProvider: 'log',
    archive: { afterDays: 90, bucket: '' },
    keepClosedDays: 90,
    keepCommandsMs: 2_592_000_000,
    slowEventMs: 2_000,
    alertThresholds: {
      dead_letters: 10,
      pending: 10_000,
      oldest_due: 600_000,
      latency_p95: 2_000,
    },
  });
});

test('a deployment whose parameters never arrived is told each of them by name', async () => {
  const error = await codedErrorOf(readSettings);
  const told = error.problems.map(({ path }) => path);
  // The runtime gives 0 for a missing number, and no margin is a margin one may want, as is no bucket.
  const expected = Object.keys(DEFAULT_SETTINGS).filter(
    (name) => !['OUTBOX_START_MARGIN_MS', 'ARCHIVE_BUCKET'].includes(name),
  );
  // An error names twenty, and says how many more there are.
  expect(told).toEqual(expected.slice(0, 20));
  expect(error.message).toContain(`; and ${expected.length - 20} more`);
});

const wrongWholeNumbers = [0, -1, 1.5, Number.NaN, Infinity, '20', '', null, undefined];
const numbers = Object.entries(DEFAULT_SETTINGS).flatMap(([name, value]) =>
  typeof value === 'number' ? [name] : [],
);

describe('a wrong value is named:', () => {
  const table = numbers.flatMap((name) =>
    wrongWholeNumbers
      .filter((value) => value !== 0 || name !== 'OUTBOX_START_MARGIN_MS')
      .map((value) => [name, value] as const),
  );

  test.each<readonly [string, unknown]>([
    ...table,
    ['OUTBOX_SCHEDULE', ''],
    ['OUTBOX_SCHEDULE', 'every 2 minutes'],
    ['OUTBOX_SCHEDULE', undefined],
    ['OUTBOX_MAX_WORKERS', 1_001],
    ['OUTBOX_CONCURRENCY', 501],
    ['OUTBOX_PAGE_SIZE', 1_001],
    ['OUTBOX_NORMAL_SLOTS', 1_001],
    ['OUTBOX_BULK_SLOTS', 1_001],
    ['OUTBOX_MAX_ATTEMPTS', 101],
    ['SNAPSHOT_EVERY', 100_001],
    ['EMAIL_PROVIDER', 'LOG'],
    ['EMAIL_PROVIDER', 'sendgird'],
    ['EMAIL_PROVIDER', ''],
    ['EMAIL_PROVIDER', undefined],
  ])('%s %p', async (name, value) => {
    expect(await wrongNames({ [name]: value })).toEqual([name]);
  });

  test('and so is every other one beside it', async () => {
    const said = { OUTBOX_PAGE_SIZE: 0, EMAIL_PROVIDER: 'pigeon', OUTBOX_LEASE_MS: '1' };
    expect((await wrongNames(said)).toSorted()).toEqual(Object.keys(said).toSorted());
  });
});

describe('a value at its limit is taken:', () => {
  test.each([
    { OUTBOX_START_MARGIN_MS: 0 },
    { OUTBOX_CONCURRENCY: 500 },
    { OUTBOX_PAGE_SIZE: 1_000 },
    { OUTBOX_MAX_ATTEMPTS: 1 },
    { OUTBOX_MAX_ATTEMPTS: 100 },
    { OUTBOX_RETRY_INITIAL_MS: 1 },
    { OUTBOX_NORMAL_SLOTS: 1, OUTBOX_BULK_SLOTS: 1 },
  ])('%p', (said) => {
    expect(() => parseSettings({ ...DEFAULT_SETTINGS, ...said })).not.toThrow();
  });
});

describe('a lease', () => {
  const timing = (timeoutMs: number, startMarginMs: number, leaseMs: number) => ({
    OUTBOX_TIMEOUT_MS: timeoutMs,
    OUTBOX_START_MARGIN_MS: startMarginMs,
    OUTBOX_LEASE_MS: leaseMs,
  });

  test('outlives the handler’s timeout by two margins', async () => {
    expect(await wrongNames(timing(20_000, 5_000, 29_999))).toEqual(['OUTBOX_LEASE_MS']);
    const { processor } = parseSettings({ ...DEFAULT_SETTINGS, ...timing(20_000, 5_000, 30_000) });
    expect(processor.leaseMs).toBe(30_000);
  });

  test('is refused with the shortest that would do', async () => {
    const { message } = await codedErrorOf(() =>
      parseSettings({ ...DEFAULT_SETTINGS, ...timing(1_000, 250, 1_499) }),
    );
    expect(message).toContain('OUTBOX_LEASE_MS: expected at least 1500');
  });

  test('does not help a timeout that no trigger could hold', async () => {
    expect(await wrongNames(timing(45_001, 5_000, 600_000))).toEqual(['OUTBOX_TIMEOUT_MS']);
    const held = { ...DEFAULT_SETTINGS, ...timing(45_000, 5_000, 600_000) };
    expect(parseSettings(held).processor.timeoutMs).toBe(45_000);
  });
});

describe('delays between attempts', () => {
  test('are refused when the longest is shorter than the first', async () => {
    const said = { OUTBOX_RETRY_INITIAL_MS: 1_000, OUTBOX_RETRY_MAX_MS: 999 };
    expect(await wrongNames(said)).toEqual(['OUTBOX_RETRY_MAX_MS']);
  });

  test('are refused beyond a day, as leases are beyond an hour', async () => {
    expect(await wrongNames({ OUTBOX_RETRY_MAX_MS: 86_400_001 })).toEqual(['OUTBOX_RETRY_MAX_MS']);
    expect(await wrongNames({ OUTBOX_LEASE_MS: 3_600_001 })).toEqual(['OUTBOX_LEASE_MS']);
  });
});
