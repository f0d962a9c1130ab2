import type { Firestore } from 'firebase-admin/firestore';
import type { DocumentWrite } from '#kernel';
import { addWrite } from '#kernel/firestore';

/** Writes any number of documents, a few hundred at a time. */
export async function writeAll(
  firestore: Firestore,
  writes: readonly DocumentWrite[],
): Promise<void> {
  for (let start = 0; start < writes.length; start += 250) {
    const batch = firestore.batch();
    for (const write of writes.slice(start, start + 250)) addWrite(firestore, batch, write);
    await batch.commit();
  }
}
