import { z } from 'zod';
import type { EventQueries } from '#events/firestore';
import type { ArchiveStorage, RecordedEvent } from '#events';
import { CodedError, MINUTE_MS } from '#kernel';
import type { OperationKind } from '../operation-kind.ts';
import type { EventFilter } from './event-filter.ts';
import { estimateEvents, eventFilter, isOfType, queryOf } from './event-filter.ts';
import { exportFolder, nextPart, partPath, readPart, writePart } from './export-files.ts';

/** Before that nothing can appear any more, so that a page that is read again is the same page. */
const SETTLED_AFTER_MS = 5 * MINUTE_MS;

/**
 * Writes a tenant's events to files, a page each, as lines of JSON: those that were recorded up to five minutes before
 * it began. A step that is made again finds its file written.
 */
export function exportEvents(deps: {
  readonly events: Pick<EventQueries, 'list' | 'count'>;
  /** Throws `invalid-setting` where there is none. */
  readonly storage: () => Pick<ArchiveStorage, 'put' | 'get'>;
  /** An event as it is shown to whoever sees everything. */
  readonly show: (event: RecordedEvent) => Promise<unknown>;
}): OperationKind<EventFilter> {
  const { events, storage, show } = deps;
  return {
    kind: 'export',
    params: z.strictObject(eventFilter),
    estimate: (params) => {
      storage();
      return estimateEvents(events, params);
    },
    step: async ({ operationId, params, cursor, limit, startedAt, dryRun }) => {
      const { part, after } = readPart(cursor);
      const endsAt = new Date(startedAt.getTime() - SETTLED_AFTER_MS);
      const query = { ...queryOf(params, endsAt), limit, cursor: after };
      const { events: page, nextCursor } = await events.list(query);
      const wanted = page.filter(({ eventType }) => isOfType(params, eventType));
      const folder = exportFolder(params.orgId, operationId);
      if (!dryRun && wanted.length > 0) {
        const path = partPath(folder, 'events', part, 'ndjson');
        const text = await textOf(wanted, show);
        if ((await writePart(storage(), path, text)) === 'differs') throw differs(path);
      }
      const skipped = page.length - wanted.length;
      return {
        seen: page.length,
        done: wanted.length,
        ...(skipped === 0 ? {} : { skipped: { 'not-asked-for': skipped } }),
        reads: Math.max(1, page.length),
        cursor: nextPart(part, nextCursor),
        ...(dryRun ? {} : { output: folder }),
      };
    },
  };
}

async function textOf(
  events: readonly RecordedEvent[],
  show: (event: RecordedEvent) => Promise<unknown>,
): Promise<string> {
  const shown = await Promise.all(events.map(show));
  return shown.map((event) => `${JSON.stringify(event)}\n`).join('');
}

function differs(path: string): CodedError {
  const message =
    `${path} was written with other events: some were archived meanwhile, or newer code shows them otherwise. ` +
    'Start another export.';
  return new CodedError('failed-precondition', message);
}
