import { z } from 'zod';
import type { OutboxStore, Row } from '#outbox';
import type { OperationFinding } from '../operation.ts';
import { readCursor } from './read-cursor.ts';

/** How many of the rows that were named have been looked at. */
const position = z.int().min(0);

/** Some of the rows that were named. */
interface NamedRows {
  readonly rows: readonly Row[];
  /** Ids that there is no row for. */
  readonly missing: readonly string[];
  readonly readAtMs: number;
  readonly nextCursor: string | undefined;
}

/** The next rows of those with these ids, in the order in which they were named. One read for each id. */
export async function readNamed(
  store: Pick<OutboxStore, 'readRows'>,
  ids: readonly string[],
  { cursor, limit }: { readonly cursor: string | undefined; readonly limit: number },
): Promise<NamedRows> {
  const from = cursor === undefined ? 0 : readCursor(position, cursor);
  const to = Math.min(from + limit, ids.length);
  const asked = ids.slice(from, to);
  const { rows, readAtMs } = await store.readRows(asked);
  const there = new Set(rows.map(idOf));
  const missing = asked.filter((id) => !there.has(id));
  return { rows, missing, readAtMs, nextCursor: to < ids.length ? String(to) : undefined };
}

/** The id of a row's document. */
export function idOf(row: Row): string {
  return row.kind === 'job' ? row.job.id : row.id;
}

/** Says of a row that was asked for by its id why nothing was done to it. */
export function leftAlone(jobId: string, why: string): OperationFinding {
  const expected = 'a dead letter that can be changed';
  return { kind: why, jobId, expected, found: why, whatToDo: WHAT_TO_DO[why] ?? ASK };
}

const ASK = 'Look at the job, and try it by itself.';
const WHAT_TO_DO: Readonly<Record<string, string>> = {
  'not-there': 'Compare the id: rows are gone some days after they were sent.',
  'not-failed': 'Nothing, if it was sent or is open: only dead letters are changed.',
  'gave-up-its-place': 'Retry the job by itself, with regainPlace if it is to go out of its turn.',
  'line-is-busy': 'Try again when the job behind it in its line has run.',
  malformed: 'The row was edited by hand: mend it by hand.',
};
