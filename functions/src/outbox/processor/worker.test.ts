import { describe, expect, test } from '@jest/globals';
import { DEFAULT_SETTINGS } from '../testing/a-worker.ts';
import { aSink, PLAIN_POLICY } from '../testing/factories.ts';
import { refuseMisfits } from './worker.ts';

describe('a handler that takes longer than the deployment’s', () => {
  const refuse = (timeoutMs: number | undefined, shortestBudgetMs = 1_000_000) => {
    return () => refuseMisfits([aSink({ timeoutMs })], DEFAULT_SETTINGS, shortestBudgetMs);
  };

  test('is taken while its lease outlives it by two margins', () => {
    expect(refuse(undefined)).not.toThrow();
    expect(refuse(50_000)).not.toThrow();
    expect(refuse(50_001)).toThrow('mail: timeoutMs: expected at most 50000');
  });

  test('is taken while the shortest invocation has time for it', () => {
    expect(refuse(45_000, 50_000)).not.toThrow();
    expect(refuse(45_001, 50_000)).toThrow('mail: timeoutMs: expected at most 45000');
  });
});

describe('a handler that declares what cannot be', () => {
  const { timeoutMs: _, ...feed } = aSink({ jobType: 'feed' });

  test.each([
    ['timeoutMs', aSink({ jobType: 'feed', timeoutMs: Number.NaN })],
    ['timeoutMs', aSink({ jobType: 'feed', timeoutMs: 0 })],
    ['maxBatchSize', { ...feed, maxBatchSize: 0, sendBatch: async () => [] }],
    ['maxBatchSize', { ...feed, maxBatchSize: 1.5, sendBatch: async () => [] }],
    ['policy.initialMs', aSink({ jobType: 'feed', policy: { ...PLAIN_POLICY, initialMs: -1 } })],
    ['policy.multiplier', aSink({ jobType: 'feed', policy: { ...PLAIN_POLICY, multiplier: 0.5 } })],
    ['policy.maxMs', aSink({ jobType: 'feed', policy: { ...PLAIN_POLICY, maxMs: Infinity } })],
    ['policy.maxAttempts', aSink({ jobType: 'feed', policy: { ...PLAIN_POLICY, maxAttempts: 0 } })],
    ['policy.jitter', aSink({ jobType: 'feed', policy: { ...PLAIN_POLICY, jitter: 2 } })],
    ['policy.maxAgeMs', aSink({ jobType: 'feed', policy: { ...PLAIN_POLICY, maxAgeMs: 0 } })],
  ])('is refused at start, with the path: %s', (path, handler) => {
    const refuse = () => refuseMisfits([handler], DEFAULT_SETTINGS, 1_000_000);
    expect(refuse).toThrow(`feed.${path}: expected`);
  });
});

test('two handlers of one id are refused at start', () => {
  const handlers = [aSink({ jobType: 'email' }), aSink(), aSink({ jobType: 'email' })];
  const refuse = () => refuseMisfits(handlers, DEFAULT_SETTINGS, 1_000_000);
  expect(refuse).toThrow('email: is the id of two handlers');
});
