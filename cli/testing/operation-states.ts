import type { Job } from '../jobs/job.ts';
import type { Operation, StartBody } from '../operations/operation.ts';
import { sampleJob, sampleOperation } from './samples.ts';
import type { Replies } from './stub-api.ts';

/** Half of it is done. */
export const half = {
  state: 'running',
  seen: 1200,
  done: 1197,
  skipped: { 'still-open': 3 },
  estimate: 2000,
  left: 800,
  ratePerSecond: 200,
} as const;
/** All of it is. */
export const over = {
  ...half,
  state: 'done',
  seen: 2000,
  done: 1997,
  left: 0,
  endedAt: '2030-01-01T00:00:10.000Z',
} as const;

/** A step of it has failed, and is due again. */
export function failing(
  message: string,
  attempts: number,
): Partial<Operation> & { readonly step: Job } {
  return {
    ...half,
    step: sampleJob({
      id: 'operation:_platform:op1~s7',
      jobType: 'operation',
      status: 'pending',
      attempts,
      maxAttempts: 20,
      nextAttemptAt: '2030-01-01T00:05:00.000Z',
      lastError: { code: 'contention', message, at: '2030-01-01T00:00:00.000Z' },
    }),
  };
}

/** Operations start; each look at one sees the next of these states; the last one stays. */
export function startThenSee(...states: readonly Partial<Operation>[]): Replies {
  const left = new Map<string, Partial<Operation>[]>();
  const bodies = new Map<string, StartBody>();
  return {
    startOperation: ({ body }) => {
      const id = `op${left.size + 1}`;
      left.set(id, [...states]);
      bodies.set(id, body as StartBody);
      const { kind, params, dryRun = false } = body as StartBody;
      return { status: 201, body: sampleOperation({ id, kind, params, dryRun }) };
    },
    getOperation: ({ path }) => {
      const id = path['operationId'] ?? '';
      const [next, ...rest] = left.get(id) ?? [...states];
      left.set(id, rest.length === 0 ? [next ?? {}] : rest);
      return { body: sampleOperation({ id, dryRun: bodies.get(id)?.dryRun ?? false, ...next }) };
    },
  };
}
