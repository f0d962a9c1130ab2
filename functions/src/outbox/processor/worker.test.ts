import { describe, expect, test } from '@jest/globals';
import { DEFAULT_SETTINGS } from '../testing/a-worker.ts';
import { aSink } from '../testing/factories.ts';
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
