import { CodedError } from '#kernel';
import type { CustomTypeReaders } from '../emit/read-type.ts';

/** For tests in which no organization has types of its own. */
export const NO_CUSTOM_TYPES: CustomTypeReaders = {
  readerOf: (_, { eventType }) => {
    const problem = { path: 'eventType', message: `${eventType} is not in the catalog` };
    return Promise.reject(
      new CodedError('invalid-event', 'The event cannot be emitted', [problem]),
    );
  },
};
