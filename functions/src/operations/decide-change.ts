import type { DocumentData } from '#kernel';
import { CodedError, SERVER_TIME } from '#kernel';
import { afterState } from './decide-step.ts';
import type { Operation } from './operation.ts';

/** What is written of an operation that is to be paused. Throws `failed-precondition` where it is over. */
export function pausing(operation: Operation): DocumentData {
  refuseOver(operation, 'paused');
  return { wanted: operation.wanted === 'running' ? 'paused' : operation.wanted };
}

/** Of one that is to go on: its next step is written with this, so nobody else may be about to. Throws where it is not, or not yet, paused. */
export function resuming({ state, wanted }: Operation): DocumentData {
  if (state === 'paused') return { wanted: 'running', ...afterState('running') };
  const isNearlyPaused = state === 'running' && wanted === 'paused';
  const why = isNearlyPaused
    ? 'a step is still being made: try again in a moment'
    : `it is ${state}`;
  throw new CodedError('failed-precondition', `The operation cannot be resumed: ${why}.`);
}

/** Of one that is to be cancelled, by its step where it has one; nothing new where it is already. Throws as `pausing`. */
export function cancelling(operation: Operation, hasStep: boolean): DocumentData {
  if (operation.state === 'cancelled') return { wanted: 'cancelled' };
  refuseOver(operation, 'cancelled');
  if (hasStep) return { wanted: 'cancelled' };
  return { wanted: 'cancelled', ...afterState('stopped'), endedAt: SERVER_TIME };
}

function refuseOver({ state }: Operation, what: string): void {
  if (state === 'running' || state === 'paused') return;
  throw new CodedError('failed-precondition', `The operation cannot be ${what}: it is ${state}.`);
}
