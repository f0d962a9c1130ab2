import { z } from 'zod';
import type { EventQueries } from '#events/firestore';
import type { ArchiveStorage, RecordedEvent } from '#events';
import { CodedError, MINUTE_MS } from '#kernel';
import type { OperationKind } from '../operation-kind.ts';
import type { EventFilter } from './event-filter.ts';
import {
  estimateEvents,
  eventFilter,
  isForward,
  isOfType,
  NOT_FORWARD,
  queryOf,
} from './event-filter.ts';
import { exportFolder, nextPart, partPath, readPart, writePart } from './export-files.ts';

/** Before that nothing can appear any more, so that a page that is read again is the same page. */
const SETTLED_AFTER_MS = 5 * MINUTE_MS;
/** A file is made in memory, beside the events that it is made of. */
const FILE_BYTES = 8 * 1_024 * 1_024;
/** Before anything is known of their size. */
const FIRST_EVENTS = 50;

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
    params: z.strictObject(eventFilter).refine(isForward, NOT_FORWARD),
    estimate: (params) => {
      storage();
      return estimateEvents(events, params);
    },
    step: async ({ operationId, params, cursor, limit, startedAt, dryRun }) => {
      const { part, after, most = FIRST_EVENTS } = readPart(cursor);
      const endsAt = new Date(startedAt.getTime() - SETTLED_AFTER_MS);
      const query = { ...queryOf(params, endsAt), limit: Math.min(limit, most), cursor: after };
      const { events: page, nextCursor } = await events.list(query);
      const wanted = page.filter(({ eventType }) => isOfType(params, eventType));
      const folder = exportFolder(params.orgId, operationId);
      const file = await fileOf(wanted, show);
      if (!dryRun && wanted.length > 0) {
        const path = partPath(folder, 'events', part, 'ndjson');
        if ((await writePart(storage(), path, file)) === 'differs') throw differs(path);
      }
      const skipped = page.length - wanted.length;
      return {
        seen: page.length,
        done: wanted.length,
        ...(skipped === 0 ? {} : { skipped: { 'not-asked-for': skipped } }),
        reads: Math.max(1, page.length),
        cursor: nextPart(part, nextCursor, fitting(wanted.length, file.length) ?? most),
        ...(dryRun ? {} : { output: folder }),
      };
    },
  };
}

/** A line at a time: their texts together would be as large again. */
async function fileOf(
  events: readonly RecordedEvent[],
  show: (event: RecordedEvent) => Promise<unknown>,
): Promise<Buffer> {
  const lines: Buffer[] = [];
  for (const event of events) lines.push(Buffer.from(`${JSON.stringify(await show(event))}\n`));
  return Buffer.concat(lines);
}

/** How many such events are a file; undefined where there were none. */
function fitting(events: number, bytes: number): number | undefined {
  return events === 0 ? undefined : Math.max(1, Math.floor((FILE_BYTES * events) / bytes));
}

function differs(path: string): CodedError {
  const message =
    `${path} was written with other events: some were archived meanwhile, or newer code shows them otherwise. ` +
    'Start another export.';
  return new CodedError('failed-precondition', message);
}
