import type { operations } from '../api/contract.ts';

type StartOperation = operations['startOperation'];

/** As the API shows it; `step` is only with one that was asked for alone. */
export type Operation = operations['getOperation']['responses'][200]['content']['application/json'];
export type OperationState = Operation['state'];
export type StartBody = StartOperation['requestBody']['content']['application/json'];

export const OPERATION_STATES = [
  'running',
  'paused',
  'done',
  'cancelled',
  'failed',
] as const satisfies readonly OperationState[];

/** Whether nothing more will come of it. */
export function isOver({ state }: Pick<Operation, 'state'>): boolean {
  return state === 'done' || state === 'cancelled' || state === 'failed';
}

/** How many rows it left as they were. */
export function skippedIn({ skipped }: Pick<Operation, 'skipped'>): number {
  return Object.values(skipped).reduce((total, count) => total + count, 0);
}
