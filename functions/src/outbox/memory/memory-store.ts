import type { DocumentData, DocumentWrite } from '#kernel';
import type { OutboxJob } from '../model/job.ts';
import { JOB_STATUSES } from '../model/job.ts';
import { hasLanded, wasOnlyMoved } from '../model/landed.ts';
import { CONTROLS_PATH, decodeControls, encodeControls } from '../record/controls-document.ts';
import { decodeJob, isInLine } from '../record/job-codec.ts';
import { encodeJobUpdate, encodePark } from '../record/job-document.ts';
import { createRow, OUTBOX } from '../record/record-job.ts';
import type {
  DueQuery,
  Fence,
  JobRow,
  MalformedRow,
  Move,
  OutboxStore,
  RawRow,
  Row,
  RowsRead,
  Scan,
  SettleResult,
  SettlingEffects,
  WriteResult,
} from '../store.ts';
import type { ConditionalWrite, MemoryDocuments } from './memory-documents.ts';
import { RefusedCommitError } from './memory-documents.ts';
import type { RowAccess } from './transact.ts';
import { settleInTransaction } from './transact.ts';

/** In this store a fence is the row's version, and the job that was stored then, where it was one. */
function fenceOf(version: number, stored?: OutboxJob): Fence {
  return { version, stored } as unknown as Fence;
}

function seenOf(fence: Fence): OutboxJob | undefined {
  return (fence as unknown as { readonly stored: OutboxJob | undefined }).stored;
}

function versionOf(fence: Fence): number {
  return (fence as unknown as { readonly version: number }).version;
}

/**
 * The outbox in memory: the same promises as Firestore's, by the same contract suite.
 *
 * @param turn awaited before and after every operation takes effect: where a simulation lets others
 *   run, or lets this caller die without an answer.
 */
export function createMemoryOutboxStore(
  documents: MemoryDocuments,
  turn: (operation: string) => Promise<void> = () => Promise.resolve(),
): OutboxStore {
  async function inTurn<T>(operation: string, act: () => T): Promise<T> {
    await turn(operation);
    const result = act();
    await turn(`${operation} answered`);
    return result;
  }
  const readRows = (operation: string, find: () => Row[]): Promise<RowsRead> =>
    inTurn(operation, () => ({ rows: find(), readAtMs: documents.nowMs() }));
  return {
    readControls: () =>
      inTurn('readControls', () => ({
        ...decodeControls(documents.get(CONTROLS_PATH)?.data),
        readAtMs: documents.nowMs(),
      })),
    editControls: (edit) =>
      inTurn('editControls', () => {
        const table = edit(decodeControls(documents.get(CONTROLS_PATH)?.data));
        const data = encodeControls(table);
        documents.commit([{ write: { kind: 'set', path: CONTROLS_PATH, data } }]);
      }),
    findDue: (query) => readRows('findDue', () => findDue(documents, query)),
    readLine: (orderingKey, limit) =>
      readRows('readLine', () => lineOf(documents, orderingKey, limit)),
    readRows: (ids) =>
      readRows('readRows', () => {
        const rows = ids.map((id) => rowAt(documents, pathOf(id)));
        return rows.filter((row) => row !== undefined);
      }),
    write: (fence, next) => inTurn('write', () => write(documents, fence, next)),
    scan: (which, page) =>
      inTurn('scan', () => ({ rows: scan(documents, which, page), readAtMs: documents.nowMs() })),
    writeAll: (moves) => inTurn('writeAll', () => commits(documents, moves.map(moveOf))),
    findPaused: (pauseId, limit) =>
      readRows('findPaused', () => findWith(documents, ['pausedBy', pauseId], limit)),
    findBlocking: (limit) =>
      readRows('findBlocking', () => findWith(documents, ['blocking', true], limit)),
    settle: (fence, next, effects) =>
      inTurn('settle', () => settle(documents, { fence, next }, effects)),
    transact: (row, work) =>
      settleInTransaction(documents, { row, work }, rowAccess(documents), turn),
    park: (row, nowMs) => inTurn('park', () => park(documents, row, nowMs)),
  };
}

function pathOf(id: string): string {
  return `${OUTBOX}/${id}`;
}

function rowAt(documents: MemoryDocuments, path: string): Row | undefined {
  const kept = documents.get(path);
  if (kept === undefined) return undefined;
  const id = path.slice(OUTBOX.length + 1);
  const decoded = decodedOnce(id, kept.data);
  return decoded.kind === 'job'
    ? { ...decoded, fence: fenceOf(kept.version, decoded.job) }
    : { ...decoded, id, fence: fenceOf(kept.version), isInLine: isInLine(kept.data) };
}

/** Stored fields are never changed, only replaced: what they mean is worked out once. */
const decodedRows = new WeakMap<DocumentData, ReturnType<typeof decodeJob>>();

function decodedOnce(id: string, data: DocumentData): ReturnType<typeof decodeJob> {
  const decoded = decodedRows.get(data) ?? decodeJob(id, data);
  decodedRows.set(data, decoded);
  return decoded;
}

function findDue(documents: MemoryDocuments, { slots, fromMs, throughMs, limit }: DueQuery): Row[] {
  const due = documents.list(OUTBOX).flatMap(([path, { data }]) => {
    const { slot, nextAttemptAt } = data;
    const isAsked = typeof slot === 'number' && slots.includes(slot);
    if (!isAsked || !(nextAttemptAt instanceof Date)) return [];
    const atMs = nextAttemptAt.getTime();
    return atMs >= fromMs && atMs <= throughMs ? [{ path, atMs }] : [];
  });
  const byDueTime = due.toSorted((a, b) =>
    a.atMs === b.atMs ? a.path.localeCompare(b.path) : a.atMs - b.atMs,
  );
  const rows = byDueTime.slice(0, limit).map(({ path }) => rowAt(documents, path));
  return rows.filter((row) => row !== undefined);
}

function lineOf(documents: MemoryDocuments, orderingKey: string, limit: number): Row[] {
  const line = documents.list(OUTBOX).flatMap(([path, { data }]) => {
    const { sequence } = data;
    const isAsked = data['orderingKey'] === orderingKey && typeof sequence === 'number';
    return isAsked ? [{ path, sequence }] : [];
  });
  const first = line.toSorted((a, b) => a.sequence - b.sequence).slice(0, limit);
  const rows = first.map(({ path }) => rowAt(documents, path));
  return rows.filter((row) => row !== undefined);
}

function scan(
  documents: MemoryDocuments,
  which: Scan,
  { afterId = '', limit }: { readonly afterId?: string | undefined; readonly limit: number },
): RawRow[] {
  const known: readonly unknown[] = JOB_STATUSES;
  const isAsked = ({ status }: DocumentData): boolean => {
    // As Firestore's `not-in`, which finds no null.
    if (which === 'no-status') {
      return status !== undefined && status !== null && !known.includes(status);
    }
    return which === 'all' || status === which;
  };
  return documents
    .list(OUTBOX)
    .map(([path, { data, version }]) => ({
      id: path.slice(OUTBOX.length + 1),
      data,
      fence: fenceOf(version),
    }))
    .filter(({ id, data }) => id > afterId && isAsked(data))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .slice(0, limit);
}

function findWith(
  documents: MemoryDocuments,
  [field, value]: readonly [string, unknown],
  limit: number,
): Row[] {
  const found = documents.list(OUTBOX).filter(([, { data }]) => data[field] === value);
  const rows = found.slice(0, limit).map(([path]) => rowAt(documents, path));
  return rows.filter((row) => row !== undefined);
}

/** Whether all was written; else nothing was. */
function commits(documents: MemoryDocuments, writes: readonly ConditionalWrite[]): boolean {
  try {
    documents.commit(writes);
    return true;
  } catch (error) {
    if (error instanceof RefusedCommitError) return false;
    throw error;
  }
}

function moveOf({ fence, next }: Move): ConditionalWrite {
  const data = encodeJobUpdate(next, seenOf(fence));
  return { write: { kind: 'update', path: pathOf(next.id), data }, ifVersion: versionOf(fence) };
}

function storedJob(documents: MemoryDocuments, id: string): OutboxJob | undefined {
  const row = rowAt(documents, pathOf(id));
  return row?.kind === 'job' ? row.job : undefined;
}

function write(documents: MemoryDocuments, fence: Fence, next: OutboxJob): WriteResult {
  try {
    const [version = 0] = documents.commit([moveOf({ fence, next })]);
    return { kind: 'written', row: { kind: 'job', job: next, fence: fenceOf(version, next) } };
  } catch (error) {
    if (!(error instanceof RefusedCommitError)) throw error;
    const row = rowAt(documents, pathOf(next.id));
    if (row?.kind === 'job' && hasLanded(row.job, next)) return { kind: 'written', row };
    const moved = movedRow(documents, { fence, next });
    return moved === undefined ? { kind: 'lost' } : write(documents, moved.fence, moved.next);
  }
}

/** The same write on a row that was only moved to another slot since; undefined where it was not. */
function movedRow(
  documents: MemoryDocuments,
  { fence, next }: { readonly fence: Fence; readonly next: OutboxJob },
): { readonly fence: Fence; readonly next: OutboxJob } | undefined {
  const row = rowAt(documents, pathOf(next.id));
  if (row?.kind !== 'job' || !wasOnlyMoved(row.job, seenOf(fence))) return undefined;
  return { fence: row.fence, next: { ...next, slot: row.job.slot } };
}

function settle(
  documents: MemoryDocuments,
  { fence, next }: { readonly fence: Fence; readonly next: OutboxJob },
  effects: SettlingEffects,
): SettleResult {
  if (documents.get(pathOf(next.id))?.version !== versionOf(fence)) {
    const moved = movedRow(documents, { fence, next });
    if (moved !== undefined) return settle(documents, moved, effects);
    if (!hasLanded(storedJob(documents, next.id), next)) return { kind: 'lost' };
    return { kind: 'settled', started: ownRows(documents, effects.started) };
  }
  const isNew = ({ kind, path }: DocumentWrite): boolean =>
    kind !== 'create' || documents.get(path) === undefined;
  const started = effects.started.filter((job) => isNew(createRow(job)));
  const writes = [...effects.pending, ...effects.writes].filter(isNew);
  try {
    const rest = [...started.map(createRow), ...writes].map((one) => ({ write: one }));
    const gone = (effects.removals ?? []).map((removal) => ({
      write: { kind: 'delete', path: pathOf(removal.id) } as const,
      ifVersion: versionOf(removal.fence),
    }));
    documents.commit([moveOf({ fence, next }), ...rest, ...effects.moves.map(moveOf), ...gone]);
    return { kind: 'settled', started: ownRows(documents, started) };
  } catch (error) {
    return { kind: 'refused', error };
  }
}

function rowAccess(documents: MemoryDocuments): RowAccess {
  return {
    settling: ({ fence }, next) => moveOf({ fence, next }),
    stateOf: ({ job, fence }, next) => {
      if (documents.get(pathOf(job.id))?.version === versionOf(fence)) return 'ours';
      const hasOurs = next !== undefined && hasLanded(storedJob(documents, job.id), next);
      return hasOurs ? 'settled' : 'lost';
    },
  };
}

/** The rows of started children that are still the run's own. */
function ownRows(documents: MemoryDocuments, started: readonly OutboxJob[]): JobRow[] {
  return started.flatMap((job) => {
    const row = rowAt(documents, pathOf(job.id));
    return row?.kind === 'job' && row.job.runId === job.runId ? [row] : [];
  });
}

function park(documents: MemoryDocuments, row: MalformedRow, nowMs: number): void {
  const path = pathOf(row.id);
  if (documents.get(path)?.version !== versionOf(row.fence)) return;
  documents.commit([{ write: { kind: 'update', path, data: encodePark(row, nowMs) } }]);
}
