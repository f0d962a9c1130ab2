import type { Firestore, Query } from 'firebase-admin/firestore';
import { DELETE_FIELD, SERVER_TIME } from '#kernel';
import {
  buildQuery,
  FAILED_PRECONDITION,
  grpcCode,
  NOT_FOUND,
  timestampOf,
  toFirestore,
} from '#kernel/firestore';
import { hasLanded } from '../model/landed.ts';
import { CONTROLS_PATH, decodeControls, encodeControls } from '../record/controls-document.ts';
import { encodeJobUpdate } from '../record/job-document.ts';
import { OUTBOX } from '../record/record-job.ts';
import type { MalformedRow, OutboxStore, RowsRead, WriteResult } from '../store.ts';
import { ConditionalWriter } from './conditional-writer.ts';
import { BLOCKING_QUERY, DUE_QUERY, HEAD_QUERY, PAUSED_QUERY } from './queries.ts';
import { fenceOf, isUnchanged, rowOf, updateTimeOf } from './row.ts';
import { settleInOneCommit } from './settle.ts';
import { writeAll } from './write-all.ts';

/** The outbox in Firestore. Builds on nothing but the given client and starts no I/O by itself. */
export function createFirestoreOutboxStore(firestore: Firestore): OutboxStore {
  const writer = new ConditionalWriter(firestore);
  const refOf = (id: string) => firestore.collection(OUTBOX).doc(id);
  const readRow = async (id: string) => rowOf(await refOf(id).get());

  return {
    readControls: async () => {
      const snapshot = await firestore.doc(CONTROLS_PATH).get();
      return { ...decodeControls(snapshot.data()), readAtMs: snapshot.readTime.toMillis() };
    },

    editControls: (edit) =>
      firestore.runTransaction(async (transaction) => {
        const ref = firestore.doc(CONTROLS_PATH);
        const table = decodeControls((await transaction.get(ref)).data());
        transaction.set(ref, toFirestore(encodeControls(edit(table))));
      }),

    findDue: async ({ slots, fromMs, throughMs, limit }) => {
      const values = { equals: { slot: [...slots] }, fromMs, throughMs, limit };
      return readPage(buildQuery(firestore.collection(OUTBOX), DUE_QUERY, values));
    },

    readHead: async (orderingKey) => {
      const values = { equals: { orderingKey }, limit: 1 };
      return readPage(buildQuery(firestore.collection(OUTBOX), HEAD_QUERY, values));
    },

    readRows: async (ids) => {
      if (ids.length === 0) return { rows: [], readAtMs: 0 };
      const snapshots = await firestore.getAll(...ids.map(refOf));
      const rows = snapshots.map(rowOf).filter((row) => row !== undefined);
      return { rows, readAtMs: snapshots[0]?.readTime.toMillis() ?? 0 };
    },

    write: async (fence, next): Promise<WriteResult> => {
      const update = { path: refOf(next.id).path, data: encodeJobUpdate(next) };
      try {
        const writtenAt = await writer.update({ ...update, lastUpdateTime: updateTimeOf(fence) });
        return { kind: 'written', row: { kind: 'job', job: next, fence: fenceOf(writtenAt) } };
      } catch (error) {
        const row = await readRow(next.id);
        if (row?.kind === 'job' && hasLanded(row.job, next)) return { kind: 'written', row };
        if (isUnchanged(row, fence)) throw error;
        return { kind: 'lost' };
      }
    },

    writeAll: (updates) => writeAll(firestore, updates),

    findPaused: (pausedBy, limit) => {
      const values = { equals: { pausedBy }, limit };
      return readPage(buildQuery(firestore.collection(OUTBOX), PAUSED_QUERY, values));
    },

    findBlocking: (limit) => {
      const values = { equals: { blocking: true }, limit };
      return readPage(buildQuery(firestore.collection(OUTBOX), BLOCKING_QUERY, values));
    },

    settle: (fence, next, effects) => settleInOneCommit(firestore, fence, next, effects),

    park: (row, nowMs) => park(writer, row, nowMs),
  };
}

async function readPage(query: Query): Promise<RowsRead> {
  const page = await query.get();
  const rows = page.docs.map(rowOf).filter((row) => row !== undefined);
  return { rows, readAtMs: page.readTime.toMillis() };
}

async function park(writer: ConditionalWriter, row: MalformedRow, nowMs: number): Promise<void> {
  const at = timestampOf(nowMs);
  const data = {
    status: 'failed',
    failure: { reason: 'malformed', at },
    lastError: { code: 'malformed', message: row.problem, at },
    nextAttemptAt: DELETE_FIELD,
    lease: DELETE_FIELD,
    updatedAt: SERVER_TIME,
  };
  const path = `${OUTBOX}/${row.id}`;
  try {
    await writer.update({ path, data, lastUpdateTime: updateTimeOf(row.fence) });
  } catch (error) {
    const code = grpcCode(error);
    // Mended or deleted since it was read: there is nothing to park any more.
    if (code !== FAILED_PRECONDITION && code !== NOT_FOUND) throw error;
  }
}
