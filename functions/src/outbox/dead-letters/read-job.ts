import type { OutboxStore, Row } from '../store.ts';

/** The row of a job, and when it was read by the server's time. */
export async function readJob(
  store: OutboxStore,
  id: string,
): Promise<{ readonly row: Row | undefined; readonly readAtMs: number }> {
  const { rows, readAtMs } = await store.readRows([id]);
  const [row] = rows;
  return { row, readAtMs };
}
