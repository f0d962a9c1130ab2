import type { DocumentData, DocumentWrite } from '#kernel';
import { CodedError } from '#kernel';
import type { Catalog } from '../catalog/catalog.ts';
import { DOMAIN_EVENTS } from '../event.ts';
import { sameness } from './content-hash.ts';
import type { EmitResult } from './emit-result.ts';
import { keyReused } from './key-reused.ts';
import type { PlannedEvent } from './plan-event.ts';
import { jobIdsOf } from './plan-event.ts';

/** The event log as an emit that commits by itself needs it. */
export interface EventLog {
  /** All writes or none; `exists` where a document to be created is there already. */
  commit(writes: readonly DocumentWrite[]): Promise<'committed' | 'exists'>;
  /** The documents at these paths, in their order; undefined where there is none. */
  readAll(paths: readonly string[]): Promise<readonly (DocumentData | undefined)[]>;
}

/** What committing needs. */
interface CommitDeps {
  readonly catalog: Catalog;
  readonly log: EventLog;
}

/**
 * Commits events that are not there yet, all of them in one commit, and answers for each, in their order,
 * how it came to be there. Where an answer is an error, nothing was written.
 *
 * @param token who writes them: the client library may send a commit twice, unseen, and what its first
 * sending wrote is no duplicate.
 */
export async function commitEvents(
  deps: CommitDeps,
  events: readonly PlannedEvent[],
  token: string,
): Promise<readonly (EmitResult | CodedError)[]> {
  const there = new Map<PlannedEvent, EmitResult | CodedError>();
  for (;;) {
    const missing = events.filter((event) => !there.has(event));
    const writes = missing.flatMap((event) => event.writes);
    if (missing.length === 0 || (await deps.log.commit(writes)) === 'committed') {
      return events.map((event) => there.get(event) ?? written(event));
    }
    const found = await findStored(deps, missing, token);
    for (const [event, answer] of found) there.set(event, answer);
    const refused = [...there.values()].some((answer) => answer instanceof CodedError);
    if (refused) return events.map((event) => there.get(event) ?? written(event));
  }
}

/** What is there of `missing` and why the commit was refused; at least one of them. */
async function findStored(
  { log, catalog }: CommitDeps,
  missing: readonly PlannedEvent[],
  token: string,
): Promise<(readonly [PlannedEvent, EmitResult | CodedError])[]> {
  const stored = await log.readAll(missing.map(({ eventId }) => `${DOMAIN_EVENTS}/${eventId}`));
  const found = missing.flatMap((event, index) => {
    const data = stored[index];
    return data === undefined ? [] : [[event, answerFor(catalog, event, data, token)] as const];
  });
  // A job is there and its event is not: that has left for the archive.
  return found.length > 0 ? found : missing.map((event) => [event, usedBefore(event)] as const);
}

function answerFor(
  catalog: Catalog,
  event: PlannedEvent,
  stored: DocumentData,
  token: string,
): EmitResult | CodedError {
  if (stored['by'] === token) return written(event);
  try {
    // At the newest version, as the one that is emitted: the first may have been stored at an older.
    const earlier = catalog.decode(stored);
    if (earlier === undefined || sameness(earlier) !== sameness(event.content)) {
      return usedBefore(event);
    }
    if (stored['requestHash'] !== event.requestHash) return usedBefore(event);
    const jobIds = jobIdsOf(earlier.orgId, event.eventId, earlier.jobTypes);
    return { eventId: event.eventId, jobIds, duplicate: true };
  } catch (error) {
    if (error instanceof CodedError) return error;
    throw error;
  }
}

function written({ eventId, jobIds }: PlannedEvent): EmitResult {
  return { eventId, jobIds, duplicate: false };
}

function usedBefore({ content }: PlannedEvent): CodedError {
  return keyReused(content, 'for something else');
}
