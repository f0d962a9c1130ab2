import { CodedError } from '#kernel';

/** The refusal of an emit whose key was used before, and in which way. */
export function keyReused({ eventType }: { readonly eventType: string }, how: string): CodedError {
  const message = `The idempotency key of this ${eventType} was used before, ${how}.`;
  return new CodedError('idempotency-key-reused', message);
}
