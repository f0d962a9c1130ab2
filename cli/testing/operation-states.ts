import type { Operation, StartBody } from '../operations/operation.ts';
import { sampleOperation } from './samples.ts';
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
