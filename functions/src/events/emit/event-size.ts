import { CodedError } from '#kernel';

/** One event's encoded size; the trigger that announces it is capped at 512 KB. */
export const MAX_EVENT_BYTES = 256 * 1024;

/** The refusal of an event over `MAX_EVENT_BYTES`. */
export function tooLarge(bytes: number): CodedError {
  const size = `${bytes} bytes, at most ${MAX_EVENT_BYTES}`;
  return new CodedError('payload-too-large', `The event is too large (${size}).`);
}
