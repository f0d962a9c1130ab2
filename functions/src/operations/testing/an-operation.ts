import type { Operation } from '../operation.ts';

const AT = new Date(1_893_456_000_000);

/** One that has begun and has done nothing yet. */
export function anOperation(said: Partial<Operation> = {}): Operation {
  return {
    id: 'operation1',
    kind: 'redrive',
    params: { all: true },
    dryRun: false,
    by: 'ops',
    reason: 'The sink is back.',
    correlationId: 'request1',
    state: 'running',
    wanted: 'running',
    step: 1,
    seen: 0,
    done: 0,
    skipped: {},
    findings: [],
    found: {},
    maxRows: 1_000_000,
    rowsPerSecond: 200,
    reads: 0,
    writes: 0,
    startedAt: AT,
    updatedAt: AT,
    ...said,
  };
}
