import { CodedError } from '#kernel';
import type { PayloadReader } from '../catalog/catalog.ts';
import { problemsInValue } from '../emit/canonical.ts';
import { encodedBytes } from '../emit/encoded-size.ts';
import { MAX_EVENT_BYTES, tooLarge } from '../emit/event-size.ts';
import type { CustomType } from './type-documents.ts';

/**
 * Reads payloads of one version of a type. What cannot be stored, or is too large for any event, is refused
 * before the schema is asked: it was written by somebody who may mean no good.
 */
export function createReader(
  { type, version }: Pick<CustomType, 'type' | 'version'>,
  validate: (payload: unknown) => ReturnType<typeof problemsInValue>,
): PayloadReader {
  return {
    parse: (_, payload) => {
      const unstorable = problemsInValue(payload, 'payload', 2);
      if (unstorable.length > 0) throw refused(type, unstorable);
      const bytes = encodedBytes({ payload });
      if (bytes > MAX_EVENT_BYTES) throw tooLarge(bytes);
      const problems = validate(payload);
      if (problems.length > 0) throw refused(type, problems);
      return { version, payload };
    },
  };
}

function refused(type: string, problems: ReturnType<typeof problemsInValue>): CodedError {
  return new CodedError('invalid-event', `${type} cannot be emitted`, problems);
}
