import { z } from 'zod';
import type { ArchiveStorage } from '#events';
import { MINUTE_MS } from '#kernel';
import type { OperationKind, StepResult } from '../operation-kind.ts';
import type { Cell } from './csv.ts';
import { csvRow } from './csv.ts';
import { isForward, NOT_FORWARD, orgId, timeFilter } from './event-filter.ts';
import { exportFolder, partPath, writePart } from './export-files.ts';
import { readCursor } from './read-cursor.ts';

/** A commit may wait so long, and its documents then appear among earlier ones. */
const SETTLED_AFTER_MS = 5 * MINUTE_MS;

/** Of which time: created at `from` or later, and before `to`. */
interface Period {
  readonly orgId: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** A page of an organization's rows, the oldest first. */
export interface TableAsked {
  readonly orgId: string;
  readonly from: Date | undefined;
  readonly to: Date;
  readonly limit: number;
  readonly cursor: string | undefined;
}

/** A table that is exported. */
export interface AccountingTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** Rows have a cell for each column. `read`: documents, of which some may be no row. */
  readonly page: (asked: TableAsked) => Promise<{
    readonly rows: readonly (readonly Cell[])[];
    readonly read: number;
    readonly nextCursor: string | undefined;
  }>;
}

const place = z.object({
  table: z.int().min(0),
  part: z.int().min(1),
  after: z.string().optional(),
});

/**
 * Writes what an accountant asks for to files of comma-separated values, table by table and a page each; the first of
 * a table begins with its columns. Rows are as they are when their page is read.
 */
export function exportAccounting(deps: {
  /** Throws `invalid-setting` where there is none. */
  readonly storage: () => Pick<ArchiveStorage, 'put' | 'get'>;
  readonly tables: readonly AccountingTable[];
}): OperationKind<Period> {
  return {
    kind: 'accounting',
    params: z
      .strictObject({ orgId, from: timeFilter.from, to: timeFilter.to })
      .refine(isForward, NOT_FORWARD),
    estimate: () => {
      deps.storage();
      return Promise.resolve(undefined);
    },
    step: async ({ operationId, params, cursor, limit, startedAt, dryRun }) => {
      const at = cursor === undefined ? { table: 0, part: 1 } : readCursor(place, cursor);
      const table = deps.tables[at.table];
      if (table === undefined) return { seen: 0, done: 0, reads: 0, cursor: undefined };
      const asked = { ...periodOf(params, startedAt), limit, cursor: at.after };
      const { rows, read, nextCursor } = await table.page(asked);
      const folder = exportFolder(params.orgId, operationId);
      if (!dryRun && (rows.length > 0 || at.part === 1)) {
        const head = at.part === 1 ? [table.columns] : [];
        const path = partPath(folder, table.name, at.part, 'csv');
        // Where a step that was made before wrote it, rows may have changed since: either is as good.
        const lines = [...head, ...rows].map((row) => Buffer.from(csvRow(row)));
        await writePart(deps.storage(), path, Buffer.concat(lines));
      }
      return {
        ...countsOf(rows.length, read),
        cursor: nextPlace(at, nextCursor, deps.tables.length),
        ...(dryRun ? {} : { output: folder }),
      };
    },
  };
}

function periodOf({ orgId: of, from, to }: Period, startedAt: Date) {
  const endsMs = startedAt.getTime() - SETTLED_AFTER_MS;
  return {
    orgId: of,
    from: from === undefined ? undefined : new Date(from),
    to: new Date(Math.min(endsMs, to === undefined ? endsMs : Date.parse(to))),
  };
}

function countsOf(done: number, read: number): Omit<StepResult, 'cursor'> {
  const none = read - done;
  return {
    seen: read,
    done,
    ...(none === 0 ? {} : { skipped: { malformed: none } }),
    reads: Math.max(1, read),
  };
}

function nextPlace(
  { table, part }: z.output<typeof place>,
  after: string | undefined,
  tables: number,
): string | undefined {
  if (after !== undefined) return JSON.stringify({ table, part: part + 1, after });
  return table + 1 < tables ? JSON.stringify({ table: table + 1, part: 1 }) : undefined;
}
