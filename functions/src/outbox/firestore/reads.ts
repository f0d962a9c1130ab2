import type { DocumentSnapshot, Firestore, Query } from 'firebase-admin/firestore';
import { buildQuery } from '#kernel/firestore';
import { JOB_STATUSES } from '../model/job.ts';
import { CONTROLS_PATH, decodeControls } from '../record/controls-document.ts';
import { OUTBOX } from '../record/record-job.ts';
import type { OutboxStore, RowsRead, Scan } from '../store.ts';
import {
  ALL_ROWS,
  BLOCKING_QUERY,
  DUE_QUERY,
  LINE_QUERY,
  PAUSED_QUERY,
  ROWS_OF_NO_STATUS,
  ROWS_OF_STATUS,
} from './queries.ts';
import { fenceOf, rowOf } from './row.ts';

type Reads = Pick<
  OutboxStore,
  'readControls' | 'findDue' | 'readLine' | 'readRows' | 'scan' | 'findPaused' | 'findBlocking'
>;

/** Everything the store reads. */
export function createReads(firestore: Firestore): Reads {
  const rows = firestore.collection(OUTBOX);
  return {
    readControls: async () => {
      const snapshot = await firestore.doc(CONTROLS_PATH).get();
      return { ...decodeControls(snapshot.data()), readAtMs: snapshot.readTime.toMillis() };
    },
    findDue: ({ slots, fromMs, throughMs, limit }) => {
      const equals = { slot: [...slots] };
      return readPage(buildQuery(rows, DUE_QUERY, { equals, fromMs, throughMs, limit }));
    },
    readLine: (orderingKey, limit) =>
      readPage(buildQuery(rows, LINE_QUERY, { equals: { orderingKey }, limit })),
    readRows: async (ids) => {
      if (ids.length === 0) return { rows: [], readAtMs: 0 };
      const snapshots = await firestore.getAll(...ids.map((id) => rows.doc(id)));
      return { rows: rowsOf(snapshots), readAtMs: snapshots[0]?.readTime.toMillis() ?? 0 };
    },
    scan: async (which, page) => {
      const { docs, readTime } = await scanQuery(firestore, which, page).get();
      const found = docs.map((snapshot) => ({
        id: snapshot.id,
        data: snapshot.data(),
        fence: fenceOf(snapshot.updateTime),
      }));
      return { rows: found, readAtMs: readTime.toMillis() };
    },
    findPaused: (pausedBy, limit) =>
      readPage(buildQuery(rows, PAUSED_QUERY, { equals: { pausedBy }, limit })),
    findBlocking: (limit) =>
      readPage(buildQuery(rows, BLOCKING_QUERY, { equals: { blocking: true }, limit })),
  };
}

function rowsOf(snapshots: readonly DocumentSnapshot[]): RowsRead['rows'] {
  return snapshots.map(rowOf).filter((row) => row !== undefined);
}

async function readPage(query: Query): Promise<RowsRead> {
  const page = await query.get();
  return { rows: rowsOf(page.docs), readAtMs: page.readTime.toMillis() };
}

function scanQuery(
  firestore: Firestore,
  which: Scan,
  { afterId, limit }: { readonly afterId?: string | undefined; readonly limit: number },
): Query {
  const rows = firestore.collection(OUTBOX);
  if (which === 'all') return buildQuery(rows, ALL_ROWS, { equals: {}, afterId, limit });
  if (which === 'no-status') {
    return buildQuery(rows, ROWS_OF_NO_STATUS, { equals: {}, noneOf: [...JOB_STATUSES], limit });
  }
  return buildQuery(rows, ROWS_OF_STATUS, { equals: { status: which }, afterId, limit });
}
