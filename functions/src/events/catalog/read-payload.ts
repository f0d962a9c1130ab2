import { messageOf } from '#kernel';
import { withDates } from '../emit/stored-value.ts';
import type { EventDefinition } from './define-event.ts';
import { EventUnreadableError } from './event-unreadable-error.ts';
import { judge } from './judge.ts';

/**
 * A stored payload as the newest version's schema reads it, through the upcasters of its own version and
 * all between. Throws `EventUnreadableError` with the path of every problem.
 */
export function readPayload(
  definition: EventDefinition,
  { schemaVersion, payload }: { readonly schemaVersion: number; readonly payload: unknown },
): unknown {
  const { type, version } = definition;
  if (!Number.isSafeInteger(schemaVersion) || schemaVersion < 1) {
    throw new EventUnreadableError(false, type, [
      { path: 'schemaVersion', message: 'expected a whole number from 1' },
    ]);
  }
  if (schemaVersion > version) {
    const message = `${schemaVersion}; this code knows versions to ${version}`;
    throw new EventUnreadableError(true, type, [{ path: 'schemaVersion', message }]);
  }
  const isNewest = schemaVersion === version;
  const current = isNewest ? payload : upcast(definition, schemaVersion, payload);
  const result = judge(definition.payload, current);
  if (result.success) return result.data;
  const { problems, isMoreThanKnown, cause } = result;
  // Newer code may have added fields to the same version: they are no reason to refuse what is known.
  if (isNewest && isMoreThanKnown) return payload;
  throw new EventUnreadableError(isNewest, type, problems, { cause });
}

function upcast(
  { type, version, upcast: upcasters = {} }: EventDefinition,
  schemaVersion: number,
  stored: unknown,
): unknown {
  let from = schemaVersion;
  try {
    // A copy: an upcaster that changes what it was given must not change what others read.
    let payload: unknown = withDates(stored);
    for (; from < version; from += 1) {
      payload = upcasters[from]?.(payload as Readonly<Record<string, unknown>>);
    }
    return payload;
  } catch (error) {
    const problem = { path: `upcast.${from}`, message: messageOf(error) };
    throw new EventUnreadableError(false, type, [problem], { cause: error });
  }
}
